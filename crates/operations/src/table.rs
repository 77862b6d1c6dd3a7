//! How the table of operations becomes an enum, its declarations, and the way between text and values.

/// Each row is an operation: its description, its name, its variant, its parameters. A parameter is its description, its
/// name, its type, its kind, and its default if it has one. A parameter without default is required unless its type is
/// an `Option`.
macro_rules! operations {
    ($(
        $(#[doc = $about:literal])+
        $name:literal => $operation:ident {
            $(
                $(#[doc = $text:literal])+
                $field:ident: $type:ty = $kind:expr $(, default $default:literal)?;
            )*
        }
    )+) => {
        /// Something to do to an image, with the values to do it with.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Operation {
            $(
                $(#[doc = $about])+
                $operation {
                    $(
                        $(#[doc = $text])+
                        $field: $type,
                    )*
                },
            )+
        }

        impl Operation {
            pub(crate) const DECLARATIONS: &[Declaration] = &[$(
                Declaration {
                    name: $name,
                    description: concat!($($about),+).trim_ascii(),
                    parameters: &[$(
                        Parameter::new(
                            stringify!($field),
                            concat!($($text),+),
                            $kind,
                            <$type as Value>::OPTIONAL,
                            &[$($default)?],
                        ),
                    )*],
                },
            )+];

            /// The name it is asked for by.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$operation { .. } => $name,)+
                }
            }

            /// All values that hold, as a caller would send them.
            #[must_use]
            pub fn parameters(&self) -> HashMap<String, String> {
                let values: Vec<(&str, Option<String>)> = match self {
                    $(Self::$operation { $($field),* } => {
                        vec![$((stringify!($field), $field.write())),*]
                    })+
                };
                let written = values.into_iter();
                written
                    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
                    .collect()
            }

            /// `None` where a value is not of the type that its kind promises, which no declaration allows.
            pub(crate) fn read(values: &Values<'_>) -> Option<Self> {
                Some(match values.declaration.name {
                    $($name => Self::$operation {
                        $($field: values.get(stringify!($field))?,)*
                    },)+
                    _ => return None,
                })
            }
        }
    };
}

pub(crate) use operations;
