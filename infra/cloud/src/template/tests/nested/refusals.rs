//! Nested templates, parameters and outputs that do not fit, and where they are refused.

use super::*;

pub(super) const ROOT: &str = "template.yaml";
pub(super) const OPERATORS: &str = "stacks/operators.yaml";
pub(super) const LEAF: &str = "stacks/deep/leaf.yaml";

/// The file that is changed, a text of it and its replacement; then the file of the only refusal, its logical id, its
/// problem, in which `@` stands for the directory, and a part of its remedy.
pub(super) type Case<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, &'a str, &'a str);

pub(super) fn assert_refused(cases: &[Case<'_>]) {
    for (changed, find, replace, file, logical_id, problem, remedy) in cases {
        let templates = Templates::with(changed, find, replace);
        let refusals = match templates.load() {
            Err(refusals) => refusals,
            Ok(_) => panic!("{replace:?} is accepted"),
        };
        let [only] = refusals.refusals.as_slice() else {
            panic!("{replace:?} must give one refusal:\n{refusals}")
        };
        let problem = problem.replace('@', &templates.directory.path().display().to_string());
        assert_eq!((only.logical_id.as_str(), &only.problem), (*logical_id, &problem), "{replace:?}");
        assert!(only.remedy.contains(remedy), "{replace:?}: {}", only.remedy);
        let path = templates.path(file);
        assert_eq!(only.file, path.display().to_string(), "{replace:?}");
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(only.excerpt, text.lines().nth(only.line - 1).unwrap(), "{replace:?}");
        assert!(refusals.to_string().starts_with(&format!("{}:{}: ", only.file, only.line)), "{refusals}");
    }
}

const URL: &str = "TemplateURL: stacks/audit.yaml";

#[test]
fn templates_that_are_not_there() {
    let missing =
        "the nested template @/stacks/adit.yaml cannot be read: No such file or directory (os error 2).";
    let directory = "the nested template @/stacks cannot be read: Is a directory (os error 21).";
    let inside = "write a path relative to this template";
    // What refers to the outputs of a stack that is refused is not refused as well.
    assert_refused(&[
        (ROOT, URL, "TemplateURL: stacks/adit.yaml", ROOT, "Audit", missing, "relative to this template"),
        (ROOT, URL, "TemplateURL: stacks", ROOT, "Audit", directory, "relative to this template"),
        (ROOT, URL, "Tags: []", ROOT, "Audit", "TemplateURL is missing.", "add TemplateURL"),
        (
            ROOT,
            URL,
            "TemplateURL: !Sub \"stacks/audit.yaml\"",
            ROOT,
            "Audit",
            "TemplateURL is not text.",
            "write the path itself",
        ),
        (
            ROOT,
            URL,
            "TemplateURL: https://bucket.s3.amazonaws.com/audit.yaml",
            ROOT,
            "Audit",
            "TemplateURL https://bucket.s3.amazonaws.com/audit.yaml is not a path.",
            inside,
        ),
        (
            ROOT,
            URL,
            "TemplateURL: ../audit.yaml",
            ROOT,
            "Audit",
            "TemplateURL ../audit.yaml leads out of the root template's directory.",
            "move the nested template there",
        ),
        (
            ROOT,
            URL,
            "TemplateURL: /stacks/audit.yaml",
            ROOT,
            "Audit",
            "TemplateURL /stacks/audit.yaml leads out of the root template's directory.",
            "move the nested template there",
        ),
        (
            OPERATORS,
            "deep/leaf.yaml",
            "../../leaf.yaml",
            OPERATORS,
            "Deep",
            "TemplateURL ../../leaf.yaml leads out of the root template's directory.",
            "move the nested template there",
        ),
    ]);
}

#[test]
fn templates_that_nest_themselves() {
    let itself = "a template nests itself: template.yaml -> stacks/operators.yaml -> stacks/operators.yaml.";
    assert_refused(&[
        (OPERATORS, "deep/leaf.yaml", "operators.yaml", OPERATORS, "Deep", itself, "nest another"),
        (
            OPERATORS,
            "deep/leaf.yaml",
            "../template.yaml",
            OPERATORS,
            "Deep",
            "a template nests itself: template.yaml -> stacks/operators.yaml -> template.yaml.",
            "nest another",
        ),
    ]);
    let templates = Templates::with(OPERATORS, "deep/leaf.yaml", "link.yaml");
    std::os::unix::fs::symlink(templates.path(OPERATORS), templates.path("stacks/link.yaml")).unwrap();
    let refusals = templates.load().unwrap_err().to_string();
    assert!(
        refusals
            .contains("a template nests itself: template.yaml -> stacks/operators.yaml -> stacks/link.yaml."),
        "{refusals}"
    );
}

#[test]
fn parameters_that_do_not_fit() {
    let leaf = "{Name: !Sub \"${System}-leaf\"}";
    assert_refused(&[
        (
            OPERATORS,
            leaf,
            "{Name: leaf, Nme: leaf}",
            OPERATORS,
            "Deep",
            "@/stacks/deep/leaf.yaml's Nme: the parameter Nme is given, but the template does not declare it.",
            "mend the name",
        ),
        (
            OPERATORS,
            leaf,
            "{}",
            OPERATORS,
            "Deep",
            "@/stacks/deep/leaf.yaml's Name: the parameter has no value and no default.",
            "give it in the Parameters of Deep",
        ),
        (
            LEAF,
            "{Type: String}",
            "{Type: Number}",
            OPERATORS,
            "Deep",
            "@/stacks/deep/leaf.yaml's Name: the value \"shop-leaf\" is not a number.",
            "give",
        ),
        (
            ROOT,
            "!Join [\",\", !Ref Origins]",
            "!Ref Origins",
            ROOT,
            "Operators",
            "Parameters.Origins is not text.",
            "!Join",
        ),
        (
            ROOT,
            "Limit: !Ref Limit",
            "Limit: !Ref Limits",
            ROOT,
            "Operators",
            "Limits is neither a parameter nor a resource of this template.",
            "mend the name",
        ),
        (
            ROOT,
            "Parameters: {Bus: !Ref Bus}",
            "Parameters: [Bus]",
            ROOT,
            "Audit",
            "Parameters is not a mapping.",
            "lines",
        ),
    ]);
}

#[test]
fn outputs_that_are_not_there() {
    assert_refused(&[
        (
            ROOT,
            "PLACE: !GetAtt Operators.Outputs.Place",
            "PLACE: !GetAtt Operators.Outputs.Plaice",
            ROOT,
            "HealthFunction",
            "Operators has no output Plaice.",
            "or use one of: Api, Place",
        ),
        (
            ROOT,
            "PLACE: !GetAtt Operators.Outputs.Place",
            "PLACE: !GetAtt Operators.Place",
            ROOT,
            "HealthFunction",
            "Operators has no attribute Place.",
            "Outputs.Api, Outputs.Place",
        ),
        (
            LEAF,
            "Place: {Value:",
            "Place: {Export: {Name: place}, Value:",
            LEAF,
            "Place",
            "Export is not supported.",
            "remove it",
        ),
        (
            LEAF,
            "{Value: !Sub \"${AWS::StackName} ${LeafQueue.QueueName}\"}",
            "{}",
            LEAF,
            "Place",
            "Value is missing.",
            "add Value",
        ),
        (
            LEAF,
            "!Sub \"${AWS::StackName} ${LeafQueue.QueueName}\"",
            "!Ref Leaf",
            LEAF,
            "Place",
            "Leaf is neither a parameter nor a resource of this template.",
            "mend the name",
        ),
    ]);
}
