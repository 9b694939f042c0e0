//! Repeated measurements of one thing, of which the median and the spread are shown.

use std::time::Duration;

#[derive(Debug, Clone, Default)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    pub(crate) fn add(&mut self, value: f64) {
        let at = self.0.partition_point(|other| *other < value);
        self.0.insert(at, value);
    }

    pub(crate) fn median(&self) -> f64 {
        self.percentile(50.0)
    }

    /// The smallest value that this share of the values does not exceed.
    pub(crate) fn percentile(&self, percent: f64) -> f64 {
        assert!(!self.0.is_empty(), "nothing was measured");
        let rank = (self.0.len() as f64 * percent / 100.0).ceil() as usize;
        self.0[rank.clamp(1, self.0.len()) - 1]
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The median, and the quartiles around it where there are more values than one.
    pub(crate) fn shown(&self, decimals: usize) -> String {
        if let [only] = self.0[..] {
            return format!("{only:.decimals$}");
        }
        let [low, median, high] = [25.0, 50.0, 75.0].map(|percent| self.percentile(percent));
        format!("{median:.decimals$} ({low:.decimals$}–{high:.decimals$})")
    }
}

impl Extend<f64> for Samples {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, values: I) {
        self.0.extend(values);
        self.0.sort_unstable_by(f64::total_cmp);
    }
}

impl FromIterator<f64> for Samples {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Samples {
        let mut samples = Samples::default();
        samples.extend(values);
        samples
    }
}

pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let samples: Samples = [4.0, 1.0, 3.0, 2.0].into_iter().collect();
        assert_eq!([25.0, 50.0, 75.0, 99.0].map(|p| samples.percentile(p)), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(samples.shown(0), "2 (1–3)");
        assert_eq!([1.5].into_iter().collect::<Samples>().shown(1), "1.5");
    }
}
