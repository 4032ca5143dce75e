//! Compiles the proto files without protoc, and keeps its descriptors for those who read method names.

use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");
    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler
        .include_imports(true)
        .include_source_info(true)
        .open_files(["inventory.proto", "shipping.proto"])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("shop.bin"), compiler.encode_file_descriptor_set())?;
    tonic_prost_build::configure().compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
