//! Spanish.

use super::{Ending, Notice, Words};

pub(super) const WORDS: Words = Words {
    code: "es",
    ready: "listo",
    error: "error",
    cancelled: "cancelado",
    images: "imágenes",
    image: "imagen",
    took: "duración",
    labels: "Lo que se encontró",
    failures: "Lo que falló",
    see_job: "Ver el trabajo",
    why: "Recibes este correo porque pediste que te avisáramos cuando terminen tus trabajos.",
    unsubscribe: "Dejar de recibir estos correos",
};

/// An image is feminine.
pub(super) const fn counted(ending: Ending, count: u64) -> &'static str {
    match (ending, count) {
        (Ending::Ready, 1) => "lista",
        (Ending::Ready, _) => "listas",
        (Ending::Error, _) => "con error",
        (Ending::Cancelled, 1) => "cancelada",
        (Ending::Cancelled, _) => "canceladas",
    }
}

pub(super) fn headline(notice: &Notice) -> String {
    let job = if notice.name.is_empty() {
        "Tu trabajo".to_owned()
    } else {
        format!("«{}»", notice.name)
    };
    match (notice.ending, notice.failed) {
        (Ending::Ready, 0) => format!("{job} está listo"),
        (Ending::Ready, 1) => format!("{job} está listo, con 1 error"),
        (Ending::Ready, failed) => format!("{job} está listo, con {failed} errores"),
        (Ending::Error, 0 | 1) => format!("{job} terminó con un error"),
        (Ending::Error, failed) => format!("{job} terminó con {failed} errores"),
        (Ending::Cancelled, _) => format!("{job} se ha cancelado"),
    }
}
