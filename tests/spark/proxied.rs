//! A proxy before the server, as where clusters are open to more than one machine: it encrypts, and asks for a token.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::scratch::Scratch;
use crate::support::skipping::skipped;
use crate::support::spark::Spark;
use crate::support::waiting::holds_in_time;

/// nginx with a certificate of `localhost`, which lets in who has the token.
struct Proxy {
    nginx: Child,
    port: u16,
    keys: Scratch,
}

impl Proxy {
    fn before(spark: &Spark) -> Option<Self> {
        let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/proxies/usr/sbin/nginx");
        let mut places = [Path::new("/usr/sbin/nginx"), &unpacked].into_iter();
        let Some(program) = places.find(|place| place.exists()) else {
            skipped("a proxy before Spark: there is no nginx here; tests/all.sh unpacks Debian's");
            return None;
        };
        let keys = Scratch::new();
        for command in [
            "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=tests -keyout ca.key -out ca.pem",
            "req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr",
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out server.pem",
        ] {
            keys.write("server.ext", "subjectAltName=DNS:localhost\n");
            let mut openssl = Command::new("openssl");
            let openssl = openssl.args(command.split(' ')).current_dir(keys.folder());
            assert!(
                openssl
                    .stderr(Stdio::null())
                    .stdout(Stdio::null())
                    .status()
                    .unwrap()
                    .success()
            );
        }
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let server = spark.url().replace("sc://localhost", "127.0.0.1");
        let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let folders = folders
            .map(|kind| format!("{kind}_temp_path {kind};"))
            .concat();
        keys.write(
            "nginx.conf",
            format!(
                "daemon off; pid nginx.pid; error_log nginx.log; events {{}}
                 http {{ access_log off; {folders}
                   server {{
                     listen 127.0.0.1:{port} ssl http2;
                     ssl_certificate server.pem; ssl_certificate_key server.key;
                     client_max_body_size 0;
                     location / {{
                       if ($http_authorization != \"Bearer hunter2:open sesame\") {{ return 401; }}
                       grpc_pass grpc://{server}; grpc_read_timeout 1h;
                     }} }} }}"
            ),
        );
        let mut command = Command::new(program);
        command.arg("-p").arg(keys.folder());
        // As root it takes another user, who may not read here.
        command.args(["-e", "nginx.log", "-c", "nginx.conf", "-g", "user root;"]);
        let nginx = command.spawn().unwrap();
        let up = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
        assert!(holds_in_time(up), "{}", keys.read("nginx.log"));
        Some(Self { nginx, port, keys })
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Its workers end with it.
        let id = self.nginx.id().to_string();
        let _ = Command::new("kill").arg(id).status();
        let _ = self.nginx.wait();
    }
}

#[test]
fn tokens_go_through_a_proxy_that_encrypts() {
    let Some(spark) = Spark::open() else {
        return;
    };
    let Some(proxy) = Proxy::before(&spark) else {
        return;
    };
    let scratch = Scratch::around("clients.db");
    scratch.sql(
        "create table clients (id integer primary key); insert into clients values (1), (5), (9)",
    );
    spark.take_over(&scratch.database(), 10);
    scratch.rules("segments:\n  - { id: a, when: id > 3 }\n");
    scratch.write("token", "hunter2:open sesame\n");
    scratch.write("wrong", "hunter3\n");
    let tables = spark.config();
    let ca = format!("ca_file: {}, ", proxy.keys.path("ca.pem").display());
    let run = |host: &str, further: &str| {
        let url = format!("sc://{host}:{}", proxy.port);
        let database = tables.replace(&spark.url(), &url);
        let database = database.replace("tables:", &format!("{further}tables:"));
        scratch.write(
            "config.yaml",
            format!("database: {database}\ntimezone: UTC\nsubject: {{ name: client, table: clients, key: id }}\n"),
        );
        let said = scratch.muster(&["run"]);
        let told = format!("{}{}", said.out, said.err);
        assert!(!told.contains("hunter"), "{told}");
        (said.code, told)
    };
    let (code, told) = run(
        "localhost",
        &format!("tls: verify-full, token_file: token, {ca}"),
    );
    assert_eq!(code, 0, "{told}");

    for (host, further, words) in [
        (
            "localhost",
            format!("tls: verify-full, token_file: wrong, {ca}"),
            "refuses access (it answers 401 Unauthorized): see the file that `token_file:` names",
        ),
        (
            "localhost",
            format!("tls: verify-full, {ca}"),
            "refuses access",
        ),
        (
            "localhost",
            "tls: verify-full, token_file: token, ".to_owned(),
            "`ca_file:`",
        ),
        (
            "127.0.0.1",
            format!("tls: verify-full, token_file: token, {ca}"),
            "as its certificate does",
        ),
        (
            "localhost",
            format!("tls: verify-full, token_file: missing, {ca}"),
            "`token_file`",
        ),
        (
            "localhost",
            "tls: off, token_file: token, ".to_owned(),
            "cannot be reached",
        ),
    ] {
        let (code, told) = run(host, &further);
        assert_eq!(code, 3, "{further}: {told}");
        assert!(told.contains(words), "{further}: {words}\n{told}");
    }
}
