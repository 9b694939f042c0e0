use proptest::prelude::*;

use super::*;

/// Processes that serve one tenant, and the item in which they count.
struct Simulation {
    limit: RequestLimit,
    processes: Vec<Knowledge>,
    used: u64,
    counted: u64,
    read: u64,
    draws: u64,
}

fn at(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(millisecond).unwrap()
}

fn limit(requests: u64) -> RequestLimit {
    RequestLimit::try_from(requests).unwrap()
}

impl Simulation {
    fn new(requests: u64, processes: usize, seed: u64) -> Self {
        let processes = vec![Knowledge::none(Window::of(at(0))); processes];
        Self { limit: limit(requests), processes, used: 0, counted: 0, read: 0, draws: seed }
    }

    /// A multiplicative generator, of which the high bits are random enough here.
    fn draw(&mut self) -> u64 {
        self.draws =
            self.draws.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.draws >> 33
    }

    fn admits(&mut self, now: Timestamp) -> bool {
        let (process, draw) = (self.draw() as usize % self.processes.len(), self.draw());
        let weight = match self.processes[process].step(self.limit, now, draw) {
            Step::Refuse => return false,
            Step::Admit => return true,
            Step::Count(weight) => {
                self.counted += 1;
                self.used += weight;
                weight
            }
            Step::Read => {
                self.read += 1;
                0
            }
        };
        let known = &mut self.processes[process];
        (known.used, known.as_of) = (self.used, Some(now));
        is_within(self.limit, self.used, weight)
    }

    /// Spreads so many requests over a window, and answers how many are admitted.
    fn window(&mut self, demand: u64) -> u64 {
        let moment = |n: u64| at((n * 10_000 / demand) as i64);
        (0..demand).filter(|n| self.admits(moment(*n))).count() as u64
    }
}

/// At 20 times its limit, a tenant gets its limit. Counting is by chance, so all of 20 seeds are tried.
#[test]
fn a_tenant_far_above_its_limit_gets_the_limit() {
    for (requests, tolerance) in [(50, 0.0), (499, 0.0), (500, 0.10), (5_000, 0.10), (50_000, 0.10)] {
        for seed in 0..20 {
            let admitted = Simulation::new(requests, 9, seed).window(20 * requests) as f64;
            let off = (admitted / requests as f64 - 1.0).abs();
            assert!(off <= tolerance, "{admitted} of {requests} with seed {seed}");
        }
    }
}

/// Per 1,000 requests, far below the limit: at most 320 writes of one unit, and 800 reads of half a unit.
#[test]
fn far_below_the_limit_a_request_costs_a_fraction_of_a_write() {
    for requests in [500, 5_000] {
        let demand = requests / 10;
        let (mut counted, mut read) = (0, 0);
        for seed in 0..50 {
            let mut simulation = Simulation::new(requests, 9, seed);
            assert_eq!(simulation.window(demand), demand, "none is refused");
            (counted, read) = (counted + simulation.counted, read + simulation.read);
        }
        let per_thousand = |times: u64| times * 1_000 / (50 * demand);
        println!("limit {requests}: {} writes, {} reads", per_thousand(counted), per_thousand(read));
        assert!(per_thousand(counted) <= 320 && per_thousand(read) <= 800);
    }
}

#[test]
fn what_is_known_to_be_used_up_is_refused_without_asking() {
    let window = Window::of(at(0));
    let known = |used| Knowledge { window, used, as_of: Some(at(0)) };
    assert_eq!(known(50).step(limit(50), at(0), 0), Step::Refuse);
    assert_eq!(known(51).step(limit(50), at(9_999), 1), Step::Refuse);
    assert_eq!(known(49).step(limit(50), at(0), 0), Step::Count(1));
}

#[test]
fn what_is_known_is_asked_again_after_half_a_second() {
    let known = Knowledge { window: Window::of(at(0)), used: 1, as_of: Some(at(1_000)) };
    assert_eq!(known.step(limit(500), at(1_500), 1), Step::Admit);
    assert_eq!(known.step(limit(500), at(1_501), 1), Step::Read);
    assert_eq!(Knowledge::none(known.window).step(limit(500), at(0), 1), Step::Read);
}

proptest! {
    #[test]
    fn a_window_is_ten_seconds_and_ends_when_the_wait_is_over(millisecond in 0..4_000_000_000_000_i64) {
        let now = at(millisecond);
        let window = Window::of(now);
        let wait = i64::try_from(window.ends_in(now)).unwrap();
        prop_assert!((1..=WINDOW_SECONDS).contains(&wait));
        prop_assert_ne!(window, Window::of(at(millisecond + wait * 1_000)));
        prop_assert!(window.expires_at() > now.as_second() + wait);
    }
}
