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

/// Compares what was sent with the answer, entry by entry. If the answer has another number of entries, nobody
/// knows which of them it means, and all count as not published.
pub(super) fn unpublished(sent: Vec<Outgoing>, answers: &[PutEventsResultEntry]) -> Unpublished {
    if answers.len() != sent.len() {
        return Unpublished { again: sent, refused: Vec::new() };
    }
    let mut unpublished = Unpublished::default();
    for (event, answer) in sent.into_iter().zip(answers) {
        match answer.error_code() {
            None => {}
            Some(code) if PERMANENT.contains(&code) => {
                let message = answer.error_message().unwrap_or_default();
                unpublished.refused.push((event, format!("{code}: {message}")));
            }
            Some(_) => unpublished.again.push(event),
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
    fn what_failed_is_sent_again_and_what_is_refused_is_not() {
        let sent = || (0..3).map(event).collect::<Vec<_>>();
        let answers = [answer(None), answer(Some("ThrottlingException")), answer(Some("MalformedDetail"))];
        let refused = vec![(event(2), "MalformedDetail: ".to_owned())];
        assert_eq!(unpublished(sent(), &answers), Unpublished { again: vec![event(1)], refused });
        assert_eq!(unpublished(sent(), &[(); 3].map(|()| answer(None))), Unpublished::default());
    }

    #[test]
    fn an_answer_of_another_length_answers_for_nothing() {
        let sent = || (0..3).map(event).collect::<Vec<_>>();
        for count in [0, 2, 4] {
            let answers = vec![answer(None); count];
            assert_eq!(unpublished(sent(), &answers), Unpublished { again: sent(), refused: Vec::new() });
        }
    }
}
