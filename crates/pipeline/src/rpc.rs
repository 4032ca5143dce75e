//! The gRPC methods that a descriptor set declares.

use prost::Message;
use prost_types::FileDescriptorSet;

use crate::error::InitError;

/// Every method of an encoded `FileDescriptorSet`, as `package.Service/Method`.
///
/// The names live as long as the process: they are declared once, by the program.
pub(crate) fn methods_of(descriptors: &[u8]) -> Result<Vec<&'static str>, InitError> {
    let set =
        FileDescriptorSet::decode(descriptors).map_err(|error| InitError::Descriptors(Box::new(error)))?;
    let mut methods = Vec::new();
    for file in &set.file {
        for service in &file.service {
            for method in &service.method {
                let name = match file.package() {
                    "" => format!("{}/{}", service.name(), method.name()),
                    package => format!("{package}.{}/{}", service.name(), method.name()),
                };
                methods.push(&*Box::leak(name.into_boxed_str()));
            }
        }
    }
    Ok(methods)
}

#[cfg(test)]
mod tests {
    use prost_types::{FileDescriptorProto, MethodDescriptorProto, ServiceDescriptorProto};

    use super::*;

    fn set(package: &str) -> Vec<u8> {
        let method = MethodDescriptorProto { name: Some("Reserve".into()), ..Default::default() };
        let service = ServiceDescriptorProto {
            name: Some("Inventory".into()),
            method: vec![method],
            ..Default::default()
        };
        let file = FileDescriptorProto {
            package: Some(package.into()),
            service: vec![service],
            ..Default::default()
        };
        FileDescriptorSet { file: vec![file] }.encode_to_vec()
    }

    #[test]
    fn a_descriptor_set_tells_its_methods() {
        assert_eq!(methods_of(&set("shop.v1")).ok(), Some(vec!["shop.v1.Inventory/Reserve"]));
        assert_eq!(methods_of(&set("")).ok(), Some(vec!["Inventory/Reserve"]));
    }

    #[test]
    fn bytes_that_are_no_descriptor_set_are_an_error() {
        assert!(matches!(methods_of(b"\xff\xff\xff"), Err(InitError::Descriptors(_))));
    }
}
