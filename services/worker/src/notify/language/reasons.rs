//! Why something failed, in words.

/// The codes that people meet, in English and in Spanish.
const REASONS: &[(&str, &str, &str)] = &[
    (
        "IMAGE_UNREADABLE",
        "not an image, or a damaged one",
        "no es una imagen, o está dañada",
    ),
    (
        "IMAGE_NOT_FOUND",
        "the image is not there any more",
        "la imagen ya no existe",
    ),
    (
        "IMAGE_BYTES_MISSING",
        "the image's file was lost",
        "se perdió el archivo de la imagen",
    ),
    (
        "TOO_LARGE",
        "the file is too large",
        "el archivo es demasiado grande",
    ),
    (
        "TOO_MANY_PIXELS",
        "the image has too many pixels",
        "la imagen tiene demasiados píxeles",
    ),
    (
        "UNSUPPORTED_FORMAT",
        "an image of a format that is not read here",
        "el formato de la imagen no se admite",
    ),
    (
        "QUOTA_EXCEEDED",
        "your storage is full",
        "tu almacenamiento está lleno",
    ),
    (
        "ENTRY_UNREADABLE",
        "the file in the ZIP is damaged",
        "el archivo dentro del ZIP está dañado",
    ),
    (
        "ENTRY_NAME_TOO_LONG",
        "the name of the file in the ZIP is too long",
        "el nombre del archivo dentro del ZIP es demasiado largo",
    ),
    (
        "ENCRYPTED_ENTRY",
        "the file in the ZIP has a password",
        "el archivo dentro del ZIP tiene contraseña",
    ),
    (
        "NESTED_ARCHIVE",
        "an archive in the ZIP",
        "hay un archivo comprimido dentro del ZIP",
    ),
    (
        "UNSUPPORTED_COMPRESSION",
        "the ZIP is packed in a way that is not read here",
        "la compresión del ZIP no se admite",
    ),
    (
        "ARCHIVE_NOT_FOUND",
        "the ZIP is not there any more",
        "el ZIP ya no existe",
    ),
    (
        "ARCHIVE_BYTES_MISSING",
        "the ZIP was lost",
        "se perdió el ZIP",
    ),
    (
        "ARCHIVE_UNREADABLE",
        "the file is no ZIP, or a damaged one",
        "el archivo no es un ZIP, o está dañado",
    ),
    (
        "ARCHIVE_EMPTY",
        "the ZIP holds no files",
        "el ZIP no contiene archivos",
    ),
    (
        "ARCHIVE_TOO_LARGE",
        "the ZIP holds too much",
        "el ZIP contiene demasiado",
    ),
    (
        "ARCHIVE_BOMB",
        "the ZIP's files lie over each other",
        "los archivos del ZIP se solapan",
    ),
    (
        "TOO_MANY_ENTRIES",
        "the ZIP holds too many files",
        "el ZIP contiene demasiados archivos",
    ),
    (
        "MODEL_NOT_FOUND",
        "the model is not there any more",
        "el modelo ya no existe",
    ),
    (
        "VERSION_NOT_FOUND",
        "the version of the model is not there any more",
        "esa versión del modelo ya no existe",
    ),
    (
        "MODEL_NOT_READY",
        "the model was not ready",
        "el modelo no estaba listo",
    ),
    (
        "PREDICTION_FAILED",
        "the model failed on the image",
        "el modelo falló con la imagen",
    ),
    ("TASK_TIMED_OUT", "it took too long", "tardó demasiado"),
    ("DEADLINE_EXCEEDED", "it took too long", "tardó demasiado"),
    (
        "SERVICE_LOST",
        "the image could not be worked on",
        "no se pudo trabajar con la imagen",
    ),
    (
        "WORKER_LOST",
        "the image could not be worked on",
        "no se pudo trabajar con la imagen",
    ),
];

/// The words for a code, in English and in Spanish; `None` where there are none.
pub(super) fn words(code: &str) -> Option<(&'static str, &'static str)> {
    let known = REASONS.iter().find(|(known, ..)| *known == code);
    known.map(|&(_, english, spanish)| (english, spanish))
}
