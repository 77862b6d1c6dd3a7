//! Public classifiers of other makes need a card and no code. Runs where `PUPILA_TEST_DATA` names a folder with
//! `models/` (the ONNX files and `imagenet-synset.txt`) and `data/photos/elephants.jpg`.

use std::{fs, path::PathBuf};

use pupila_core::Digest;

use crate::harness::{Repository, config, decision, predict, request, start};

struct Classifier {
    file: &'static str,
    input: &'static str,
    output: &'static str,
}

const CLASSIFIERS: [Classifier; 2] = [
    Classifier {
        file: "mobilenet-v2.onnx",
        input: r#"width = 224, height = 224, channels = "rgb", resize = "center_crop", resize_shorter_side = 256,
            filter = "bilinear", scale = 0.00392156862745098, mean = [0.485, 0.456, 0.406], std = [0.229, 0.224, 0.225]"#,
        output: r#"kind = "logits""#,
    },
    Classifier {
        file: "squeezenet-1.1.onnx",
        input: r#"width = 224, height = 224, channels = "bgr", resize = "center_crop", resize_shorter_side = 256,
            filter = "bilinear", mean = [103.94, 116.78, 123.68]"#,
        output: r#"kind = "probabilities""#,
    },
];

#[tokio::test]
async fn an_elephant_is_an_elephant() {
    let Some(data) = std::env::var_os("PUPILA_TEST_DATA").map(PathBuf::from) else {
        return;
    };
    let synset = fs::read_to_string(data.join("models/imagenet-synset.txt")).expect("labels");
    let labels: Vec<&str> = synset.lines().collect();
    let photo = fs::read(data.join("data/photos/elephants.jpg")).expect("a photo");
    for Classifier {
        file,
        input,
        output,
    } in CLASSIFIERS
    {
        let bytes = fs::read(data.join("models").join(file)).expect("a model");
        let repository = Repository::empty();
        let card = format!(
            "name = \"{file}\"\ntitle = \"t\"\ntask = \"classification\"\nlabels = {labels:?}\nlicence = \"MIT\"\n\
             source = \"public\"\ninput = {{ {} }}\noutput = {{ {output} }}\nversions.1.sha256 = \"{}\"\n",
            input.replace('\n', " "),
            Digest::of(&bytes)
        );
        repository.card(file, &card);
        repository.file(file, 1, &bytes);
        let mut client = start(&config(repository.path())).await;
        let answer = predict(&mut client, request(file, photo.clone()))
            .await
            .expect("an answer");
        let (label, _) = decision(&answer);
        assert!(
            label.contains("elephant") || label.contains("tusker"),
            "{file}: {label}"
        );
    }
}
