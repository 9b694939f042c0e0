//! Load by HTTP/1.1 from connections that stay open: each sends its next request when it has the answer to the last, and
//! when it is due, if it has a pace. What is late counts from when it was due.
//!
//! It runs on one thread, so that it takes little from the servers, with which it shares the cores.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::future::join_all;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{sleep_until, timeout};

use crate::process;
use crate::samples::milliseconds;

/// How long the last answers are waited for, more than a gateway lets a function run.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a connection sends, and the status that is right.
pub(crate) struct Sent {
    pub(crate) request: Request<Full<Bytes>>,
    pub(crate) expected: StatusCode,
}

/// Who sends the requests of one connection.
pub(crate) trait Visitor {
    fn next(&mut self) -> Sent;
    /// Called with the body of each right answer.
    fn answered(&mut self, _body: &[u8]) {}
    /// When the next request is to be sent; at once without a pace.
    fn due(&self) -> Option<Instant> {
        None
    }
}

#[derive(Default)]
pub(crate) struct Outcome {
    /// Of right answers, in milliseconds.
    pub(crate) latencies: Vec<f64>,
    /// The other answers, by status; 0 stands for a connection that was closed instead.
    pub(crate) others: BTreeMap<u16, usize>,
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
    /// What the load itself has cost: the time of its thread.
    pub(crate) cpu: Duration,
}

/// Connects first, so that the time begins with the first request. Every connection sends one at least.
pub(crate) fn run<V: Visitor>(address: SocketAddr, visitors: Vec<V>, time: Duration) -> Outcome {
    let (outcomes, elapsed, cpu) = run_each(address, visitors, time);
    let mut whole = Outcome { elapsed, cpu, ..Outcome::default() };
    outcomes.into_iter().for_each(|outcome| whole.add(outcome));
    whole
}

/// The outcome of each visitor, and from the first request to the last answer the time and the load's own.
pub(crate) fn run_each<V: Visitor>(
    address: SocketAddr,
    visitors: Vec<V>,
    time: Duration,
) -> (Vec<Outcome>, Duration, Duration) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime without threads can be made");
    runtime.block_on(async {
        let connections = join_all(visitors.iter().map(|_| connect(address))).await;
        let (cpu, began) = (process::cpu_of_this_thread(), Instant::now());
        let visits = visitors
            .into_iter()
            .zip(connections)
            .map(|(visitor, connection)| visit(address, connection, visitor, began + time));
        let visits = timeout(time + PATIENCE, join_all(visits)).await.expect("every request is answered");
        (visits, began.elapsed(), process::cpu_of_this_thread() - cpu)
    })
}

type Connection = SendRequest<Full<Bytes>>;

async fn connect(address: SocketAddr) -> Connection {
    let stream = TcpStream::connect(address).await.expect("the server takes a connection");
    stream.set_nodelay(true).expect("a socket takes options");
    let (connection, driver) = handshake(TokioIo::new(stream)).await.expect("HTTP needs no handshake");
    // It ends with the connection, whose errors the sender sees.
    tokio::spawn(driver);
    connection
}

async fn visit<V: Visitor>(
    address: SocketAddr,
    mut connection: Connection,
    mut visitor: V,
    end: Instant,
) -> Outcome {
    let mut outcome = Outcome::default();
    loop {
        let due = visitor.due();
        if let Some(due) = due {
            sleep_until(due.into()).await;
        }
        let sent = due.unwrap_or_else(Instant::now);
        let Sent { request, expected } = visitor.next();
        match answer(&mut connection, request).await {
            Ok((status, body)) if status == expected => {
                outcome.latencies.push(milliseconds(sent.elapsed()));
                visitor.answered(&body);
            }
            Ok((status, _)) => *outcome.others.entry(status.as_u16()).or_default() += 1,
            Err(_) => {
                *outcome.others.entry(0).or_default() += 1;
                connection = connect(address).await;
            }
        }
        if Instant::now() >= end {
            return outcome;
        }
    }
}

async fn answer(
    connection: &mut Connection,
    request: Request<Full<Bytes>>,
) -> hyper::Result<(StatusCode, Bytes)> {
    connection.ready().await?;
    let (head, body) = connection.send_request(request).await?.into_parts();
    Ok((head.status, body.collect().await?.to_bytes()))
}

impl Outcome {
    pub(crate) fn add(&mut self, other: Outcome) {
        self.latencies.extend(other.latencies);
        for (status, count) in other.others {
            *self.others.entry(status).or_default() += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    struct Once;

    impl Visitor for Once {
        fn next(&mut self) -> Sent {
            Sent { request: Request::new(Full::default()), expected: StatusCode::OK }
        }

        fn answered(&mut self, body: &[u8]) {
            assert_eq!(body, b"yes");
        }
    }

    /// Answers the first request of each connection: with 200, with 503, and not at all.
    fn serve(listener: &TcpListener) {
        for answer in ["200 OK\r\ncontent-length: 3\r\n\r\nyes", "503 No\r\ncontent-length: 2\r\n\r\nno", ""]
        {
            let mut connection = listener.accept().unwrap().0;
            thread::spawn(move || {
                assert!(connection.read(&mut [0; 1024]).unwrap() > 0);
                if !answer.is_empty() {
                    connection.write_all(format!("HTTP/1.1 {answer}").as_bytes()).unwrap();
                    // The client closes.
                    assert_eq!(connection.read(&mut [0; 1024]).unwrap(), 0);
                }
            });
        }
        drop(listener.accept().unwrap());
    }

    #[test]
    fn right_answers_alone_have_latencies_and_the_others_are_counted() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || serve(&listener));
        let outcome = run(address, vec![Once, Once, Once], Duration::ZERO);
        server.join().unwrap();
        assert_eq!(outcome.latencies.len(), 1);
        assert_eq!(outcome.others, BTreeMap::from([(0, 1), (503, 1)]));
    }
}
