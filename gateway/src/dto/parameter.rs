//! What a caller may set on a model or an operation.

use pupila_operations as operations;
use pupila_proto::inference::v1 as proto;
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Object, RefOr, Schema, Type, schema::SchemaType},
};

/// A value that a caller may set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Parameter {
    /// Its name in a query, a form or a step.
    #[schema(example = "threshold")]
    name: String,
    /// What it means.
    description: String,
    /// What values it takes.
    r#type: ParameterType,
    /// The smallest number allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<f64>,
    /// The largest number allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<f64>,
    /// The distance between sensible numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<f64>,
    /// The words that a choice is made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    choices: Option<Vec<&'static str>>,
    /// Most characters of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    /// What holds when the caller says nothing; absent where there is nothing then.
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<ParameterValue>,
    /// Whether the caller must set it.
    required: bool,
}

/// What values a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ParameterType {
    /// Any number in the range.
    Number,
    /// A whole number in the range.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// One of `choices`.
    Choice,
    /// A line of text.
    Text,
    /// A colour of six hexadecimal digits, `RRGGBB`.
    Colour,
    /// The id of an image that the caller may see.
    Image,
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum ParameterValue {
    /// Of an integer.
    Integer(i64),
    /// Of a number.
    Number(f64),
    /// Of a boolean.
    Boolean(bool),
    /// Of everything else.
    Text(String),
}

/// A whole number is a number too, so its variants are no alternatives.
impl PartialSchema for ParameterValue {
    fn schema() -> RefOr<Schema> {
        Object::builder()
            .schema_type(SchemaType::from_iter([
                Type::Number,
                Type::Boolean,
                Type::String,
            ]))
            .description(Some("The value of a parameter."))
            .into()
    }
}

impl ToSchema for ParameterValue {}

impl ParameterValue {
    /// A value that was kept as text, as the parameter has it.
    pub(crate) fn of_operation(kind: &operations::Kind, text: String) -> Self {
        use operations::Kind;
        match kind {
            Kind::Number { .. } | Kind::Integer { .. } => Self::of_model(text),
            Kind::Boolean => text.parse().map_or(Self::Text(text), Self::Boolean),
            Kind::Choice { .. } | Kind::Text { .. } | Kind::Colour | Kind::Image => {
                Self::Text(text)
            }
        }
    }

    /// A value that was kept as text of a model, whose parameters are all numbers.
    pub(crate) fn of_model(text: String) -> Self {
        let number = text.trim();
        let whole = number.parse().map(Self::Integer);
        let value = whole.or_else(|_| number.parse().map(Self::Number));
        value.unwrap_or(Self::Text(text))
    }
}

impl From<proto::Parameter> for Parameter {
    fn from(parameter: proto::Parameter) -> Self {
        let r#type = match parameter.r#type() {
            proto::ParameterType::Integer => ParameterType::Integer,
            proto::ParameterType::Number | proto::ParameterType::Unspecified => {
                ParameterType::Number
            }
        };
        Self {
            name: parameter.name,
            description: parameter.description,
            r#type,
            minimum: Some(parameter.minimum),
            maximum: Some(parameter.maximum),
            step: Some(parameter.step),
            choices: None,
            max_length: None,
            default: Some(ParameterValue::Number(parameter.default)),
            required: false,
        }
    }
}

impl From<&operations::Parameter> for Parameter {
    fn from(parameter: &operations::Parameter) -> Self {
        let kind = &parameter.kind;
        let default = parameter.default.map(ToOwned::to_owned);
        let (minimum, maximum, step) = match *kind {
            operations::Kind::Number {
                minimum,
                maximum,
                step,
            } => (Some(minimum), Some(maximum), Some(step)),
            operations::Kind::Integer { minimum, maximum } => {
                (Some(minimum.into()), Some(maximum.into()), Some(1.0))
            }
            _ => (None, None, None),
        };
        let choices = match *kind {
            operations::Kind::Choice { choices } => Some(choices.to_vec()),
            _ => None,
        };
        let max_length = match *kind {
            operations::Kind::Text { max_length } => Some(max_length),
            _ => None,
        };
        Self {
            name: parameter.name.to_owned(),
            description: parameter.description.to_owned(),
            r#type: kind.into(),
            minimum,
            maximum,
            step,
            choices,
            max_length,
            default: default.map(|text| ParameterValue::of_operation(kind, text)),
            required: parameter.required,
        }
    }
}

impl From<&operations::Kind> for ParameterType {
    fn from(kind: &operations::Kind) -> Self {
        match kind {
            operations::Kind::Number { .. } => Self::Number,
            operations::Kind::Integer { .. } => Self::Integer,
            operations::Kind::Boolean => Self::Boolean,
            operations::Kind::Choice { .. } => Self::Choice,
            operations::Kind::Text { .. } => Self::Text,
            operations::Kind::Colour => Self::Colour,
            operations::Kind::Image => Self::Image,
        }
    }
}
