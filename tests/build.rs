//! Compiles the proto file without protoc, and keeps its descriptors for the tests that declare methods by them.

use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");
    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler.include_imports(true).open_file("compose.proto")?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("compose.bin"), compiler.encode_file_descriptor_set())?;
    tonic_prost_build::configure().compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
