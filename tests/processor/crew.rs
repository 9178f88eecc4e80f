//! A crew whose members are slow, fail, or are called away.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use contour_lab::train::{
    Colleague, Crew, Dataset, Error, Event, Member, Recipe, Session, Share, SliceOfDataset, Task, Waiting,
};

use crate::{events, everything, phantom};

/// A member whose shares are not there when they are first asked for.
struct Slow(RefCell<Member>);

impl Colleague for Slow {
    fn ask(&self, task: Task) -> Waiting<'static, Result<Share, Error>> {
        let mut share = Some(self.0.borrow_mut().serve(task));
        let mut asked = false;
        Box::pin(poll_fn(move |_| {
            if std::mem::replace(&mut asked, true) {
                Poll::Ready(Ok(share.take().unwrap()))
            } else {
                Poll::Pending
            }
        }))
    }
}

/// Whole slices, so that a validation has several at a time.
fn recipe() -> Recipe {
    Recipe {
        patch: None,
        ..everything()
    }
}

fn member(dataset: &Dataset) -> RefCell<Member> {
    RefCell::new(Member::new(&recipe(), dataset).unwrap())
}

fn session(dataset: &Dataset, crew: Crew) -> Session {
    Session::on_processor(recipe(), dataset, None, crew).unwrap()
}

/// A session that shares its images with two who are slow.
fn slow(dataset: &Dataset) -> Session {
    let colleague = |_| -> Box<dyn Colleague> { Box::new(Slow(member(dataset))) };
    session(dataset, (0..2).map(colleague).collect())
}

/// Asks once, and leaves it at that.
fn poll_next(session: &mut Session) -> Poll<Option<Result<Event, Error>>> {
    pin!(session.next()).poll(&mut Context::from_waker(Waker::noop()))
}

/// As [`events`], by waits that are given up and begun anew; and how many were.
fn interrupted(session: &mut Session) -> (Vec<Event>, usize) {
    let (mut events, mut given_up) = (Vec::new(), 0);
    loop {
        match poll_next(session) {
            Poll::Pending => given_up += 1,
            Poll::Ready(Some(event)) => events.push(event.unwrap()),
            Poll::Ready(None) if session.finished() => return (events, given_up),
            Poll::Ready(None) => session.step(),
        }
    }
}

#[test]
fn a_wait_that_is_given_up_loses_nothing() {
    let dataset = phantom(false);
    let expected = events(session(&dataset, Crew::new()));
    let mut session = slow(&dataset);
    session.keep_snapshots();
    session.show(SliceOfDataset(1));
    let (got, given_up) = interrupted(&mut session);
    assert_eq!(got, expected);
    // Sums and gradients of eight steps and two validations, by two.
    assert!(given_up >= 2 * (2 * 8 + 2), "only {given_up} waits were given up");
}

/// Waits this often, each time in vain or for an event that is dropped, and is then somewhere in the middle.
fn go_on(session: &mut Session, waits: usize) {
    for _ in 0..waits {
        if let Poll::Ready(None) = poll_next(session) {
            session.step();
        }
    }
}

#[test]
fn a_run_that_begins_anew_in_the_middle_of_a_step_keeps_its_digits() {
    let dataset = phantom(false);
    let expected = events(session(&dataset, Crew::new()));
    let mut session = slow(&dataset);
    session.keep_snapshots();
    for waits in 1..16 {
        session.step();
        go_on(&mut session, waits);
        assert!(session.in_flight() > 0 || waits > 1, "nothing was under way");
        session.reset();
        session.show(SliceOfDataset(1));
        let (got, _) = interrupted(&mut session);
        assert_eq!(got, expected, "after {waits} waits");
        session.reset();
    }
}

#[test]
fn a_run_that_is_taken_up_in_the_middle_of_another_keeps_its_digits() {
    let dataset = phantom(false);
    let all = events(session(&dataset, Crew::new()));
    let is_snapshot = |event: &Event| matches!(event, Event::Snapshot(_));
    let place = all.iter().position(is_snapshot).unwrap();
    let Event::Snapshot(snapshot) = all[place].clone() else {
        panic!("there is no snapshot");
    };
    for waits in [1, 2, 3, 5, 8, 13] {
        let mut session = slow(&dataset);
        session.keep_snapshots();
        go_on(&mut session, waits + 1);
        session.resume(&snapshot).unwrap();
        let (got, _) = interrupted(&mut session);
        assert_eq!(got, all[place + 1..], "after {waits} waits");
    }
}

/// A member that fails, or answers something else, at a task of this number.
struct Unsound {
    member: RefCell<Member>,
    tasks: Cell<usize>,
    fails: usize,
    answers: Option<Share>,
}

impl Colleague for Unsound {
    fn ask(&self, task: Task) -> Waiting<'static, Result<Share, Error>> {
        let number = self.tasks.replace(self.tasks.get() + 1);
        let share = if number != self.fails {
            Ok(self.member.borrow_mut().serve(task))
        } else if let Some(share) = &self.answers {
            Ok(share.clone())
        } else {
            Err(Error::Crew("the worker is gone".into()))
        };
        Box::pin(ready(share))
    }
}

/// The first error of a run, after which the same session is reset and runs again.
fn error_then_events(fails: usize, answers: Option<Share>) -> (Error, Vec<Event>) {
    let dataset = phantom(false);
    let colleague = Unsound {
        member: member(&dataset),
        tasks: Cell::new(0),
        fails,
        answers,
    };
    let mut session = session(&dataset, vec![Box::new(colleague)]);
    let error = loop {
        match pollster::block_on(session.next()) {
            Some(Err(error)) => break error,
            Some(Ok(_)) => {}
            None => session.step(),
        }
    };
    session.reset();
    (error, events(session))
}

#[test]
fn a_colleague_that_fails_is_an_error_and_the_run_can_begin_anew() {
    let expected = events(session(&phantom(false), Crew::new()));
    // At sums, at gradients, and at a validation.
    for task in [0, 1, 4, 5, 8] {
        let (error, after) = error_then_events(task, None);
        assert!(
            matches!(&error, Error::Crew(why) if why == "the worker is gone"),
            "task {task}: {error:?}"
        );
        assert_eq!(after, expected, "task {task}");
    }
}

#[test]
fn a_colleague_that_answers_something_else_is_an_error() {
    let none = [
        Share::Sums(Vec::new()),
        Share::Gradients(Vec::new()),
        Share::Judged(Vec::new()),
    ];
    // At sums, at gradients, and at a validation: something else, or too little.
    for (task, answer) in [0, 1, 8]
        .into_iter()
        .flat_map(|task| none.iter().map(move |answer| (task, answer)))
    {
        let (error, _) = error_then_events(task, Some(answer.clone()));
        assert!(
            error.to_string().contains("something else"),
            "task {task}: {error}"
        );
    }
}
