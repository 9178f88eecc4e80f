//! The report of an adapter, made by its own program on the software adapter.

use std::process::{Command, Output};

use serde_json::Value;

fn gpu_report(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gpu_report"))
        .args(arguments)
        .envs(environment.iter().copied())
        // Whatever it needs is in the one file.
        .current_dir(std::env::temp_dir())
        .output()
        .unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn a_report_holds_what_the_page_about_it_says() {
    let arguments = [
        "--software",
        "--budget",
        "60",
        "--work",
        "U-4-tiny",
        "--check",
        "softmax",
    ];
    let output = gpu_report(&arguments, &[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["faults"], Value::Array(Vec::new()));

    let adapter = &report["adapter"];
    assert_eq!(adapter["kind"], "software", "{adapter}");
    assert!(adapter["name"].as_str().is_some_and(|name| !name.is_empty()));
    assert!(number(&adapter["limitsUsed"]["bindingBytes"]) <= number(&adapter["limits"]["bindingBytes"]));
    let listed = adapter["adapters"].as_array().unwrap();
    assert_eq!(listed.iter().filter(|other| other["taken"] == true).count(), 1);
    assert!(number(&report["peak"]["gflops"]) > 0.1);

    let rows = report["check"]["rows"].as_array().unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        assert!(row["name"].as_str().unwrap().contains("softmax"), "{row}");
        assert!(row["passed"] == true && number(&row["compared"]) > 0.0, "{row}");
        assert!(number(&row["worst"]) <= number(&row["allowed"]), "{row}");
    }
    assert_eq!(report["check"]["passed"], rows.len());

    let works = report["works"].as_array().unwrap();
    assert_eq!((works.len(), &works[0]["name"]), (1, &Value::from("U-4-tiny")));
    for work in works {
        let ms = &work["ms"];
        assert!(
            0.0 < number(&ms["min"]) && number(&ms["min"]) <= number(&ms["median"]),
            "{ms}"
        );
        assert!(
            number(&ms["median"]) <= number(&ms["max"]) && number(&ms["steps"]) >= 3.0,
            "{ms}"
        );
        assert!(number(&work["dispatches"]) >= number(&work["submits"]), "{work}");
        assert!(number(&work["first"]["ms"]) > 0.0);
        let nodes = work["nodes"].as_array().unwrap();
        let sum: f64 = nodes.iter().map(|node| number(&node["ms"])).sum();
        assert!((sum / number(&work["nodesMs"]) - 1.0).abs() < 0.01, "{sum}");
        let dispatches: f64 = nodes.iter().map(|node| number(&node["dispatches"])).sum();
        // A step also assembles its batch.
        assert!(
            dispatches > 0.0 && dispatches <= number(&work["dispatches"]),
            "{dispatches}"
        );
    }
    let training = &works[0];
    assert!(number(&training["shareOfPeak"]) > 0.0);
    let losses = training["losses"].as_array().unwrap();
    assert!(number(&losses[1]) < number(&losses[0]), "{losses:?}");
    let chosen = report["variants"]["net/conv3x3_weight"].as_object().unwrap();
    assert!(chosen.len() > 3, "{chosen:?}");

    let shapes = report["shapes"]["rows"].as_array().unwrap();
    let forward = shapes.iter().find(|row| row["pass"] == "forward").unwrap();
    assert_eq!(forward["ms"].as_object().unwrap().len(), 6, "{forward}");
    assert!(said.contains("| U-4-tiny |"), "the table: {said}");
}

#[test]
fn a_machine_without_an_adapter_is_told_the_remedy() {
    let nowhere = [("VK_DRIVER_FILES", "/nowhere/no_icd.json")];
    for (arguments, environment, says) in [
        (["--adapter", "99"], &[][..], "number 99"),
        (["--budget", "20"], &nowhere[..], "/nowhere/no_icd.json"),
    ] {
        let output = gpu_report(&arguments, environment);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(says), "{said}");
        assert!(output.stdout.is_empty());
    }
}
