//! A real Prometheus scrapes the shop, and answers what one asks on a dashboard.
//!
//! Two servers look at one shop, one for each form of histograms. What they have to answer: that the shop is there,
//! the four golden signals of HTTP and gRPC on both sides, and exemplars whose spans the shop's own log knows.

mod api;
mod form;
mod question;
mod server;

use std::{collections::HashSet, time::Duration};

use self::question::Question;
pub(super) use self::{api::Exemplars, form::Form, server::Server, server::installed as server_installed};
use super::{
    deadline::Deadline,
    http,
    shop::{Shop, SpanIds},
};
use crate::Result;

/// For all answers of both servers together: a rate needs two scrapes, and a rare error some traffic.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the suite.
///
/// # Errors
///
/// Prometheus is missing, the shop or Prometheus does not start, or an answer is wrong; all that are wrong are named.
pub(crate) fn run() -> Result {
    server_installed()?;
    let shop = Shop::start()?;
    let mut wrong = Vec::new();
    let mut told = Vec::new();
    let servers = Form::ALL.map(|form| Server::start(form, shop.admin).map(|server| (form, server)));
    let deadline = Deadline::after(PATIENCE);
    for server in servers {
        let (form, server) = server?;
        wrong.extend(format_offered(&shop, form).err().map(|error| error.to_string()));
        let answered = deadline.until(|| none_wrong(answers(&server, form)));
        let exemplars = deadline.until(|| server.exemplars(form));
        if answered.is_err() || exemplars.is_err() {
            println!("the log of Prometheus ({}) ends:\n{}", form.name(), server.log());
        }
        wrong.extend(answered.err().map(|error| error.to_string()));
        match exemplars {
            Ok(series) => told.push((form, series)),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    // After the last question, so that every exemplar was told of in the log before it ends.
    let spans = shop.close().spans;
    for (form, series) in told {
        wrong.extend(unknown(form, &series, &spans).err().map(|error| error.to_string()));
    }
    none_wrong(wrong)
}

/// Asks as Prometheus does, and looks at the type: it would take a plain page without a word.
fn format_offered(shop: &Shop, form: Form) -> Result {
    let answer = http::get(shop.admin, "/metrics", form.accept())?;
    let (wanted, got) = (form.content_type(), answer.content_type);
    if got.split(';').next().map(str::trim) == Some(wanted) {
        return Ok(());
    }
    Err(format!("{}: /metrics answers {got:?} to a reader who prefers {wanted}", form.name()).into())
}

/// The questions whose answers are wrong.
fn answers(server: &Server, form: Form) -> Vec<String> {
    question::all(form)
        .iter()
        .filter_map(|question| answer(server, question).err())
        .map(|error| format!("{}: {error}", form.name()))
        .collect()
}

fn answer(server: &Server, Question { what, query, expected }: &Question) -> Result {
    let values = api::query(server.address, query)?;
    if !values.is_empty() && values.iter().all(|value| expected.is(*value)) {
        return Ok(());
    }
    Err(format!("{what}: {query} is {values:?}, expected {expected:?}").into())
}

impl Server {
    /// The exemplars, once each metric has some.
    ///
    /// # Errors
    ///
    /// A metric has none yet.
    pub(super) fn exemplars(&self, form: Form) -> Result<Vec<Exemplars>> {
        let selector = question::exemplars(form);
        let series = api::exemplars(self.address, &selector)?;
        let with_some = series.iter().filter(|series| !series.spans.is_empty());
        let names: HashSet<_> = with_some.map(|series| series.name.as_str()).collect();
        if names.len() == question::exemplar_metrics() {
            return Ok(series);
        }
        Err(format!("{}: of {selector} only {names:?} have exemplars", form.name()).into())
    }
}

/// An exemplar leads somewhere only if there was such a span.
fn unknown(form: Form, series: &[Exemplars], spans: &HashSet<SpanIds>) -> Result {
    let told: HashSet<_> = series.iter().flat_map(|series| &series.spans).collect();
    match told.iter().find(|ids| !spans.contains(ids)) {
        Some(ids) => {
            Err(format!("{}: an exemplar leads to {ids:?}, which no log line tells of", form.name()).into())
        }
        None => {
            println!("{}: all questions answered, {} exemplars lead to spans", form.name(), told.len());
            Ok(())
        }
    }
}

fn none_wrong(wrong: Vec<String>) -> Result {
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n  ").into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(span: &str) -> SpanIds {
        SpanIds { trace: "t".to_owned(), span: span.to_owned() }
    }

    #[test]
    fn an_exemplar_of_no_span_is_found() {
        let series =
            [Exemplars { name: "a_bucket".to_owned(), route: None, spans: vec![ids("a"), ids("b")] }];
        assert!(unknown(Form::Classic, &series, &HashSet::from([ids("a"), ids("b"), ids("c")])).is_ok());
        assert!(unknown(Form::Classic, &series, &HashSet::from([ids("a")])).is_err());
    }

    #[test]
    fn everything_that_is_wrong_is_named() {
        let error = none_wrong(vec!["a".to_owned(), "b".to_owned()]);
        assert!(error.is_err_and(|error| error.to_string() == "a\n  b"));
        assert!(none_wrong(Vec::new()).is_ok());
    }
}
