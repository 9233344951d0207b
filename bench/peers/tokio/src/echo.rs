//! tcp_echo: a task for each end of each connection.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CONNECTIONS: usize = 200;
const TRIPS: usize = 500;
const BYTES: usize = 64;

async fn serve(mut socket: TcpStream) {
    socket.set_nodelay(true).unwrap();
    let mut bytes = [0u8; BYTES];
    while socket.read_exact(&mut bytes).await.is_ok() {
        socket.write_all(&bytes).await.unwrap();
    }
}

pub async fn tcp_echo() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = tokio::spawn(async move {
        for _ in 0..CONNECTIONS {
            let (socket, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(socket));
        }
    });
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|client| {
            tokio::spawn(async move {
                let mut socket = TcpStream::connect(address).await.unwrap();
                socket.set_nodelay(true).unwrap();
                let mut got = [0u8; BYTES];
                for trip in 0..TRIPS {
                    let sent = [(client + trip) as u8; BYTES];
                    socket.write_all(&sent).await.unwrap();
                    socket.read_exact(&mut got).await.unwrap();
                    assert_eq!(sent, got);
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    acceptor.await.unwrap();
}
