//! A person's terminal, in which `pupila jobs` is typed.

use std::{
    fs,
    process::{Command, Output},
};

use pupila_tests::{File, program};
use serde_json::Value;
use tempfile::TempDir;

/// A folder with pictures, one of which is none, and the server that is asked.
pub(crate) struct Terminal {
    pub(crate) folder: TempDir,
    server: String,
    pub(crate) key: Option<String>,
}

/// What a command came to.
pub(crate) struct Told {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) errors: String,
}

impl Terminal {
    pub(crate) fn at(port: u16) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let files = [
            ("a.jpg", File::x_ray_of_pneumonia()),
            ("b.png", File::sample("grey-8-bit.png")),
            ("broken.png", File::corrupt_png()),
        ];
        for (name, file) in files {
            fs::write(folder.path().join(name), file.bytes).expect("written");
        }
        Self {
            folder,
            server: format!("http://127.0.0.1:{port}"),
            key: None,
        }
    }

    /// `pupila jobs` with these arguments.
    pub(crate) fn jobs(&self, arguments: &[&str]) -> Told {
        self.run(Command::new(program("pupila")).arg("jobs").args(arguments))
    }

    /// The same where a process may have only so many files open.
    pub(crate) fn jobs_with_files(&self, open: usize, arguments: &[&str]) -> Told {
        let script = format!("ulimit -n {open} && exec \"$0\" jobs \"$@\"");
        let mut shell = Command::new("/bin/sh");
        self.run(
            shell
                .args(["-c", &script])
                .arg(program("pupila"))
                .args(arguments),
        )
    }

    /// A command as it runs in this terminal.
    pub(crate) fn prepare<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .current_dir(&self.folder)
            .env_clear()
            .env("PUPILA_SERVER", &self.server)
            .envs(self.key.iter().map(|key| ("PUPILA_API_KEY", key)))
    }

    fn run(&self, command: &mut Command) -> Told {
        let Output {
            status,
            stdout,
            stderr,
        } = self.prepare(command).output().expect("it ran");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Told {
            code: status.code(),
            out: text(stdout),
            errors: text(stderr),
        }
    }
}

impl Told {
    pub(crate) fn json(&self) -> Value {
        let json = serde_json::from_str(&self.out);
        json.unwrap_or_else(|_| panic!("no JSON: {}{}", self.out, self.errors))
    }

    /// Checks that all of these were said to the person.
    pub(crate) fn assert_says(&self, words: &[&str]) {
        for word in words {
            assert!(
                self.out.contains(word),
                "{word}: {}{}",
                self.out,
                self.errors
            );
        }
    }

    /// Checks that it failed and said why, on the stream for that.
    pub(crate) fn assert_complains(&self, words: &[&str]) {
        assert_eq!(self.code, Some(1), "{}{}", self.out, self.errors);
        for word in words {
            assert!(self.errors.contains(word), "{word}: {}", self.errors);
        }
    }
}
