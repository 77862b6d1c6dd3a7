//! What to make of an image, as a query says it.

use pupila_proto::images::v1 as proto;
use serde::{Deserialize, Deserializer, de::Error as _};
use utoipa::{
    IntoParams, ToSchema,
    openapi::{Object, Type},
};

use crate::problem::Problem;

/// What to make of an image. Everything is optional; applied in the order of orientation, crop, rotate, flip, resize,
/// colours, blur, sharpen.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RenditionQuery {
    /// A named set of the parameters below, which those that are given override.
    #[param(example = "thumbnail")]
    pub(super) preset: Option<String>,
    /// The part to keep: `left,top,width,height` as ratios of the upright image, 0..1.
    #[serde(default, deserialize_with = "crop")]
    #[param(
        value_type = Option<String>,
        pattern = r"^\d*\.?\d+(,\d*\.?\d+){3}$",
        example = "0.25,0.25,0.5,0.5"
    )]
    crop: Option<proto::Box>,
    /// Degrees clockwise.
    #[param(schema_with = quarter_turns)]
    rotate: Option<u32>,
    /// Mirrors it.
    #[param(inline)]
    flip: Option<Flip>,
    /// Width of the frame in pixels.
    #[param(minimum = 1, maximum = 8192)]
    width: Option<u32>,
    /// Height of the frame in pixels.
    #[param(minimum = 1, maximum = 8192)]
    height: Option<u32>,
    /// How it is brought into the frame. `fit`: as large as fits; `cover`: fills the frame, what does not fit is cut
    /// off; `contain`: as large as fits, with margins up to the frame; `exact`: fills the frame, stretched.
    #[param(inline)]
    fit: Option<Fit>,
    /// Which part stays where something is cut off.
    #[param(inline)]
    gravity: Option<Gravity>,
    /// Lets it become larger than it is.
    enlarge: Option<bool>,
    /// Drops the colours.
    grayscale: Option<bool>,
    /// Factor; 1 leaves it as it is.
    #[param(minimum = 0, maximum = 10)]
    brightness: Option<f64>,
    /// Factor; 1 leaves it as it is.
    #[param(minimum = 0, maximum = 10)]
    contrast: Option<f64>,
    /// Factor; 1 leaves it as it is.
    #[param(minimum = 0, maximum = 10)]
    saturation: Option<f64>,
    /// Standard deviation of a Gaussian blur, in pixels: 0 for none, or from 0.3.
    #[param(minimum = 0, maximum = 100)]
    blur: Option<f64>,
    /// Amount of an unsharp mask.
    #[param(minimum = 0, maximum = 10)]
    sharpen: Option<f64>,
    /// Colour of margins, and of what shines through where the format knows no transparency: `RRGGBB`.
    #[param(example = "ffffff", pattern = "^[0-9A-Fa-f]{6}$")]
    background: Option<String>,
    /// The format; the `Accept` header decides where it is left out.
    #[param(inline)]
    format: Option<RenditionFormat>,
    /// Quality of JPEG and WebP.
    #[param(minimum = 1, maximum = 100)]
    quality: Option<u32>,
}

fn quarter_turns() -> Object {
    Object::builder()
        .schema_type(Type::Integer)
        .enum_values(Some([0, 90, 180, 270]))
        .build()
}

/// How to mirror.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Flip {
    Horizontal,
    Vertical,
    Both,
}

/// How an image is brought into a frame.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Fit {
    #[serde(rename = "fit")]
    Inside,
    Cover,
    Contain,
    Exact,
}

/// Which part stays.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Gravity {
    Center,
    North,
    NorthEast,
    East,
    SouthEast,
    South,
    SouthWest,
    West,
    NorthWest,
}

/// A format that renditions are made in.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RenditionFormat {
    Jpeg,
    Png,
    Webp,
}

impl RenditionQuery {
    /// Whether the `Accept` header has a say.
    pub(super) fn is_negotiable(&self) -> bool {
        self.format.is_none()
    }
}

impl From<RenditionQuery> for proto::Recipe {
    fn from(query: RenditionQuery) -> Self {
        Self {
            crop: query.crop,
            rotate: query.rotate,
            flip: query
                .flip
                .map_or(proto::Flip::Unspecified, Into::into)
                .into(),
            width: query.width,
            height: query.height,
            fit: query.fit.map_or(proto::Fit::Unspecified, Into::into).into(),
            gravity: query
                .gravity
                .map_or(proto::Gravity::Unspecified, Into::into)
                .into(),
            enlarge: query.enlarge,
            grayscale: query.grayscale,
            brightness: query.brightness,
            contrast: query.contrast,
            saturation: query.saturation,
            blur: query.blur,
            sharpen: query.sharpen,
            background: query.background,
            format: query.format.map_or("", RenditionFormat::as_str).to_owned(),
            quality: query.quality,
        }
    }
}

/// A problem of the service images, its fields under the names of the query.
pub(super) fn under_query_names(problem: Problem) -> Problem {
    problem.rename_fields(|field| {
        let field = field.strip_prefix("recipe/").unwrap_or(field);
        // The sides of `crop` are one parameter.
        field.split('/').next().unwrap_or(field).to_owned()
    })
}

/// Reads `left,top,width,height`.
fn crop<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<proto::Box>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let sides: Option<Vec<f64>> = text
        .split(',')
        .map(|side| side.trim().parse().ok())
        .collect();
    match sides.as_deref() {
        Some(&[left, top, width, height]) => Ok(Some(proto::Box {
            left,
            top,
            width,
            height,
        })),
        _ => Err(D::Error::custom(
            "expected four numbers like 0.25,0.25,0.5,0.5",
        )),
    }
}

impl RenditionFormat {
    fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }
}

impl From<Flip> for proto::Flip {
    fn from(flip: Flip) -> Self {
        match flip {
            Flip::Horizontal => Self::Horizontal,
            Flip::Vertical => Self::Vertical,
            Flip::Both => Self::Both,
        }
    }
}

impl From<Fit> for proto::Fit {
    fn from(fit: Fit) -> Self {
        match fit {
            Fit::Inside => Self::Inside,
            Fit::Cover => Self::Cover,
            Fit::Contain => Self::Contain,
            Fit::Exact => Self::Exact,
        }
    }
}

impl From<Gravity> for proto::Gravity {
    fn from(gravity: Gravity) -> Self {
        match gravity {
            Gravity::Center => Self::Center,
            Gravity::North => Self::North,
            Gravity::NorthEast => Self::NorthEast,
            Gravity::East => Self::East,
            Gravity::SouthEast => Self::SouthEast,
            Gravity::South => Self::South,
            Gravity::SouthWest => Self::SouthWest,
            Gravity::West => Self::West,
            Gravity::NorthWest => Self::NorthWest,
        }
    }
}
