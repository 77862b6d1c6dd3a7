//! Spanish.

use super::{Ending, ItemEnding, Notice, Words};

pub(super) const WORDS: Words = Words {
    code: "es",
    ready: "listo",
    error: "error",
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
pub(super) const fn counted(ending: ItemEnding, count: u64) -> &'static str {
    match (ending, count) {
        (ItemEnding::Ready, 1) => "lista",
        (ItemEnding::Ready, _) => "listas",
        (ItemEnding::Error, _) => "con error",
        (ItemEnding::Cancelled, 1) => "cancelada",
        (ItemEnding::Cancelled, _) => "canceladas",
    }
}

pub(super) fn headline(notice: &Notice) -> String {
    let title = notice.title();
    let job = if title.is_empty() {
        "Tu trabajo".to_owned()
    } else {
        format!("«{title}»")
    };
    match (notice.ending, notice.failed) {
        (Ending::Ready, 0) => format!("{job} está listo"),
        (Ending::Ready, 1) => format!("{job} está listo, con 1 error"),
        (Ending::Ready, failed) => format!("{job} está listo, con {failed} errores"),
        (Ending::Error, 0 | 1) => format!("{job} terminó con un error"),
        (Ending::Error, failed) => format!("{job} terminó con {failed} errores"),
    }
}
