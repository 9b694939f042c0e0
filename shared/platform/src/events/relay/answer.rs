//! What became of the entries of a request to the bus.

use aws_sdk_eventbridge::types::PutEventsResultEntry;

use super::record::Outgoing;

/// Error codes of single entries that no retry can help.
const PERMANENT: [&str; 2] = ["InvalidArgument", "MalformedDetail"];

/// The entries that were not published.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Unpublished {
    pub(super) again: Vec<Outgoing>,
    /// Each with the reason why it can never be published.
    pub(super) refused: Vec<(Outgoing, String)>,
}

/// Compares what was sent with the answer, entry by entry. An entry without an answer counts as not published.
pub(super) fn unpublished(sent: Vec<Outgoing>, answers: &[PutEventsResultEntry]) -> Unpublished {
    let mut unpublished = Unpublished::default();
    let answers = answers.iter().map(Some).chain(std::iter::repeat(None));
    for (event, answer) in sent.into_iter().zip(answers) {
        match answer.map(PutEventsResultEntry::error_code) {
            Some(None) => {}
            Some(Some(code)) if PERMANENT.contains(&code) => {
                let message = answer.and_then(PutEventsResultEntry::error_message).unwrap_or_default();
                unpublished.refused.push((event, format!("{code}: {message}")));
            }
            Some(Some(_)) | None => unpublished.again.push(event),
        }
    }
    unpublished
}

#[cfg(test)]
mod tests {
    use domain::event::EventType;

    use super::*;

    fn event(number: u32) -> Outgoing {
        Outgoing {
            sequence_number: number.to_string(),
            event_type: EventType::OrderPlaced.into(),
            detail: "{}".to_owned(),
        }
    }

    fn answer(code: Option<&str>) -> PutEventsResultEntry {
        PutEventsResultEntry::builder().set_error_code(code.map(str::to_owned)).build()
    }

    #[test]
    fn what_failed_or_has_no_answer_is_sent_again() {
        let sent = || (0..4).map(event).collect::<Vec<_>>();
        let answers = [answer(None), answer(Some("ThrottlingException")), answer(Some("MalformedDetail"))];
        let refused = vec![(event(2), "MalformedDetail: ".to_owned())];
        assert_eq!(unpublished(sent(), &answers), Unpublished { again: vec![event(1), event(3)], refused });
        assert_eq!(unpublished(sent(), &[]), Unpublished { again: sent(), refused: Vec::new() });
        let all = [(); 5].map(|()| answer(None));
        assert_eq!(unpublished(sent(), &all), Unpublished::default());
    }
}
