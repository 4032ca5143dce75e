//! What is decided at the head, without a rule.

use http::{HeaderName, Request};
use tower_telemetry_core::Side;
use tower_telemetry_core::trace_ids::TraceId;
use tower_telemetry_trace::sampling::{Adaptive, Forced, Head, Heads, Pool, Sampler, Tail};
use tower_telemetry_trace::{Decide, Decision, Origin, Reason};

use crate::asked::{Asked, HIGH, LOW, MIDDLE, NO, YES, kept, plain, record};

#[test]
fn each_kind_of_parent_has_a_head_of_its_own() {
    let kinds = [
        None,
        Some((Origin::Remote, YES)),
        Some((Origin::Remote, NO)),
        Some((Origin::Local, YES)),
        Some((Origin::Local, NO)),
    ];
    let is_kept = |heads: &Heads, parent| {
        let asked = Asked { parent, ..Asked::root(LOW) };
        asked.decision(&plain().heads(heads.clone()).build()) != Decision::Drop
    };
    let answers = |heads: Heads| kinds.map(|parent| is_kept(&heads, parent));
    let base = Heads::parent_based(Head::always_off());
    let (on, off) = (Head::always_on, Head::always_off);
    assert_eq!(answers(base.clone()), [false, true, false, true, false]);
    assert_eq!(answers(Heads::parent_based(on())), [true, true, false, true, false]);
    assert_eq!(answers(base.clone().remote_sampled(off())), [false, false, false, true, false]);
    assert_eq!(answers(base.clone().remote_unsampled(on())), [false, true, true, true, false]);
    assert_eq!(answers(base.clone().local_sampled(off())), [false, true, false, false, false]);
    assert_eq!(answers(base.local_unsampled(on())), [false, true, false, true, true]);
    assert_eq!(answers(Heads::for_all(on())), [true; 5]);
    assert_eq!(answers(Heads::for_all(off())), [false; 5]);
}

#[test]
fn a_root_is_kept_by_its_trace_id_and_tells_the_threshold() {
    let sampler = plain().root(Head::probability(0.25)).build();
    assert_eq!(Asked::root(MIDDLE).decision(&sampler), kept(Some("th:c")));
    assert_eq!(Asked::root(LOW).decision(&sampler), Decision::Drop);
    let sampler = plain().root(Head::probability(0.1)).build();
    assert_eq!(Asked::root(MIDDLE).decision(&sampler), Decision::Drop);
    assert_eq!(Asked::root(HIGH).decision(&sampler), kept(Some("th:e666")));
    let sampler = plain().root(Head::probability(1.0)).build();
    assert_eq!(Asked::root(LOW).decision(&sampler), kept(Some("th:0")));
}

#[test]
fn where_all_roots_are_kept_no_callee_is_sent_a_header_for_it() {
    assert_eq!(Asked::root(LOW).decision(&plain().build()), kept(None));
}

#[test]
fn what_the_head_does_not_keep_waits_where_there_is_a_tail() {
    let sampler = plain().root(Head::probability(0.01)).tail(Tail::default()).build();
    assert_eq!(Asked::root(LOW).decision(&sampler), Decision::Wait);
    assert_eq!(Asked::root(LOW).parent(Origin::Remote, NO).decision(&sampler), Decision::Wait);
    assert_eq!(Asked::root(LOW).parent(Origin::Local, NO).decision(&sampler), Decision::Wait);
}

#[test]
fn explicit_randomness_stands_in_for_the_trace_id() {
    let sampler = plain().heads(Heads::for_all(Head::probability(0.25))).build();
    let asked = |trace, ot| Asked::root(trace).parent(Origin::Remote, NO).state(ot).decision(&sampler);
    assert_eq!(asked(LOW, "ot=rv:d0000000000000"), kept(Some("rv:d0000000000000;th:c")));
    assert_eq!(asked(HIGH, "ot=rv:b0000000000000"), Decision::Drop);
    assert_eq!(asked(HIGH, "ot=rv:B0000000000000"), kept(Some("rv:B0000000000000;th:c")));
}

#[test]
fn a_child_keeps_its_parents_threshold_unless_that_contradicts_the_flag() {
    let sampler = plain().build();
    let asked = |ot| Asked::root(MIDDLE).parent(Origin::Remote, YES).state(ot).decision(&sampler);
    assert_eq!(asked("ot=th:c;x:1"), kept(None));
    assert_eq!(asked("ot=th:d0000000000000"), kept(None));
    assert_eq!(asked("ot=th:d1"), kept(Some("")));
    assert_eq!(asked("ot=x:1;th:d1;y:2"), kept(Some("x:1;y:2")));
    assert_eq!(asked("ot=rv:e0000000000000;th:d1"), kept(None));
    assert_eq!(asked("ot=x:1"), kept(None));
    assert_eq!(asked("a=1"), kept(None));
}

#[test]
fn a_span_of_a_trace_that_is_kept_here_is_never_refused() {
    let sampler = Sampler::always_on_bounded(1e-6);
    assert_eq!(Asked::root(LOW).decision(&sampler), kept(None), "a full bucket");
    for _ in 0..100 {
        assert_eq!(Asked::root(LOW).parent(Origin::Local, YES).decision(&sampler), kept(None));
    }
    for parent in [None, Some((Origin::Remote, YES))] {
        let asked = Asked { parent, ..Asked::root(LOW) };
        assert_eq!(asked.decision(&sampler), Decision::Drop, "{parent:?}");
    }
    assert_eq!((sampler.budget().refused(Pool::Head), sampler.kept(Reason::Head)), (2, 1));
}

#[test]
fn no_threshold_is_told_while_the_budget_refuses() {
    // A trace is taken for 8 spans at first: five fit into the depth of the bucket.
    let sampler = plain().root(Head::probability(1.0)).budget(8.0 * 5.0 / 0.35).build();
    assert_eq!(Asked::root(LOW).decision(&sampler), kept(Some("th:0")));
    let decisions: Vec<_> = (0..20).map(|_| Asked::root(LOW).decision(&sampler)).collect();
    assert!(decisions.contains(&Decision::Drop));
    // The bucket refills while the test goes on.
    let later = loop {
        if let decision @ Decision::Record { .. } = Asked::root(LOW).decision(&sampler) {
            break decision;
        }
    };
    assert_eq!(later, kept(None));
}

#[test]
fn a_request_is_kept_because_it_asks_with_the_secret() {
    let name = HeaderName::from_static("x-debug-trace");
    let sampler =
        plain().root(Head::probability(0.25)).forced(Forced::by_header(name.clone(), "sesame")).build();
    let asks = |secret| {
        let request = Request::get("/carts").header(&name, secret).body(()).unwrap();
        Asked::of(Side::Server, request)
    };
    assert_eq!(asks("sesame").decision(&sampler), record(Reason::Forced, None));
    assert_eq!(asks("guess").decision(&sampler), Decision::Drop);
    let child = asks("sesame").parent(Origin::Remote, NO).state("ot=th:8;x:1");
    assert_eq!(child.decision(&sampler), record(Reason::Forced, Some("x:1")));
    // What the head keeps anyway says so: its probability is known.
    assert_eq!(asks("sesame").trace(HIGH).decision(&sampler), kept(Some("th:c")));
    assert_eq!((sampler.kept(Reason::Forced), sampler.kept(Reason::Head)), (2, 1));
}

#[test]
fn an_adaptive_head_keeps_all_while_nothing_is_known() {
    let sampler = plain().root(Head::adaptive(Adaptive::new(10.0))).build();
    assert_eq!(Asked::root(LOW).decision(&sampler), kept(Some("th:0")));
    let trace = TraceId::from_hex(LOW.as_bytes()).unwrap();
    assert_eq!(sampler.at_own_root(trace), kept(Some("th:0")));
}

#[test]
fn a_trace_that_the_program_begins_by_itself_is_decided_as_a_root_and_never_waits() {
    let sampler = Sampler::builder().root(Head::probability(0.25)).tail(Tail::default()).budget(1e-6).build();
    let own = |trace: &str| sampler.at_own_root(TraceId::from_hex(trace.as_bytes()).unwrap());
    assert_eq!(own(LOW), Decision::Drop);
    assert_eq!(own(MIDDLE), kept(Some("th:c")));
    assert_eq!(own(MIDDLE), Decision::Drop, "no budget is left");
    assert_eq!((sampler.kept(Reason::Head), sampler.budget().refused(Pool::Head)), (1, 1));
}
