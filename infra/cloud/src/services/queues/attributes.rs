//! Message attributes: their validation, the digest that clients verify, and their form in Lambda's events.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MessageAttribute {
    data_type: String,
    string_value: Option<String>,
    binary_value: Option<String>,
}

pub(crate) type MessageAttributes = BTreeMap<String, MessageAttribute>;

pub(crate) fn first_invalid(attributes: &MessageAttributes) -> Option<&str> {
    attributes
        .iter()
        .find(|(name, attribute)| name.is_empty() || attribute.encoded().is_none())
        .map(|(name, _)| name.as_str())
}

impl MessageAttribute {
    /// The transport type and the bytes of the value, as the digest covers them.
    fn encoded(&self) -> Option<(u8, Vec<u8>)> {
        match self.data_type.split('.').next()? {
            "String" | "Number" => Some((1, self.string_value.as_ref()?.as_bytes().to_vec())),
            "Binary" => Some((2, STANDARD.decode(self.binary_value.as_ref()?).ok()?)),
            _ => None,
        }
    }

    fn lambda(&self) -> Value {
        let mut shown = json!({"dataType": self.data_type, "stringListValues": [], "binaryListValues": []});
        if let Some(text) = &self.string_value {
            shown["stringValue"] = json!(text);
        }
        if let Some(bytes) = &self.binary_value {
            shown["binaryValue"] = json!(bytes);
        }
        shown
    }
}

pub(crate) fn size(attributes: &MessageAttributes) -> usize {
    attributes
        .iter()
        .map(|(name, attribute)| {
            name.len() + attribute.data_type.len() + attribute.encoded().map_or(0, |(_, bytes)| bytes.len())
        })
        .sum()
}

/// SQS's MD5 over each attribute's name, type and value in the order of names, each prefixed with its length.
pub(crate) fn digest(attributes: &MessageAttributes) -> Option<String> {
    let mut bytes = Vec::new();
    let append = |part: &[u8], bytes: &mut Vec<u8>| {
        bytes.extend((part.len() as u32).to_be_bytes());
        bytes.extend(part);
    };
    for (name, attribute) in attributes {
        let (transport, value) = attribute.encoded()?;
        append(name.as_bytes(), &mut bytes);
        append(attribute.data_type.as_bytes(), &mut bytes);
        bytes.push(transport);
        append(&value, &mut bytes);
    }
    (!attributes.is_empty()).then(|| format!("{:x}", md5::compute(bytes)))
}

pub(crate) fn lambda(attributes: &MessageAttributes) -> Value {
    attributes.iter().map(|(name, attribute)| (name.clone(), attribute.lambda())).collect()
}

pub(crate) fn values(attributes: MessageAttributes) -> BTreeMap<String, String> {
    let value = |attribute: MessageAttribute| attribute.string_value.or(attribute.binary_value);
    attributes.into_iter().map(|(name, attribute)| (name, value(attribute).unwrap_or_default())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_covers_name_type_transport_and_value() {
        let attributes: MessageAttributes =
            serde_json::from_value(json!({"reason": {"DataType": "String", "StringValue": "too large"}}))
                .unwrap();
        let expected = b"\0\0\0\x06reason\0\0\0\x06String\x01\0\0\0\x09too large";
        assert_eq!(digest(&attributes).unwrap(), format!("{:x}", md5::compute(expected)));
        assert_eq!(digest(&MessageAttributes::new()), None);
    }

    #[test]
    fn an_attribute_without_its_value_is_invalid() {
        let attributes: MessageAttributes =
            serde_json::from_value(json!({"a": {"DataType": "Binary"}})).unwrap();
        assert_eq!(first_invalid(&attributes), Some("a"));
    }
}
