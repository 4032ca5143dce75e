# Short names for the commands of CONTRIBUTING.md.

# Lists the recipes.
default:
    @just --list

# Everything that CI does.
ci:
    cargo xtask ci

# The tests alone.
test:
    cargo test --workspace

# Formats, and runs what a compiler can say.
lint:
    cargo fmt --all
    cargo clippy --workspace --all-targets --all-features -- -D warnings

# The rules of the workspace: all, or those named.
check *names:
    cargo xtask check {{names}}

# Writes docs/names.md anew.
names:
    cargo xtask names --write

# The documentation, opened.
doc:
    cargo doc --workspace --no-deps --all-features --open

# The shop with its live view.
shop *args:
    cargo run --release --package shop -- {{args}}

# Do the tests of the core notice when it is wrong?
mutants:
    cargo xtask mutants

# What telemetry costs, beside its peers; `just bench --quick` for a first look.
bench *args:
    cargo run --release --manifest-path benchmarks/Cargo.toml -- {{args}}

# Did anything grow? `just budgets --write` after a change that was meant.
budgets *args:
    cargo run --release --manifest-path benchmarks/Cargo.toml --no-default-features -- --check {{args}}

# The fuzz targets, a minute each, or those named; `just fuzz --for 600 json`.
fuzz *args:
    cargo xtask fuzz {{args}}
