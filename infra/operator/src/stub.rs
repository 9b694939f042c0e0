//! An API that answers what a test tells it, for what the real one does not do on demand.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use client::Keys;

use crate::api::Api;

/// A status, headers as they are sent, and a body.
pub(crate) type Canned = (u16, &'static str, &'static str);

/// Answers one request after the other, and gives the text of all of them.
pub(crate) fn answering<const N: usize>(answers: [Canned; N]) -> (Api, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = thread::spawn(move || answers.iter().map(|answer| exchange(&listener, answer)).collect());
    let keys = Keys::new("AKIAEXAMPLE".to_owned(), "secret".to_owned(), None, "eu-west-1");
    (Api::new(&url, "AKIAEXAMPLE".to_owned(), keys), seen)
}

fn exchange(listener: &TcpListener, (status, headers, body): &Canned) -> String {
    let (socket, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(&socket);
    let mut request = String::new();
    while !request.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut request).unwrap(), 0, "{request}");
    }
    let length =
        request.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut sent = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut sent).unwrap();
    let head = format!(
        "HTTP/1.1 {status} -\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n",
        body.len()
    );
    (&socket).write_all([head.as_bytes(), body.as_bytes()].concat().as_slice()).unwrap();
    request + &String::from_utf8(sent).unwrap()
}
