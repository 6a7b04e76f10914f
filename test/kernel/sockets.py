"""Real sockets for the kernel tests: listeners that tell where a connection lands, and clients with any uid and gid.

Node can neither ask a socket for its first destination (SO_ORIGINAL_DST) nor make one transparent (IP_TRANSPARENT).
Requests come as JSON lines on standard input, answers leave as JSON lines on standard output.
"""

import json
import os
import selectors
import socket
import struct
import sys
import threading

SO_ORIGINAL_DST = 80
IP_TRANSPARENT = 19
IPV6_TRANSPARENT = 75
SO_MARK = 36
TRANSPARENT_PORT = 15006
PROXY_ID = 1337
PROXY_PORTS = (15001, 15006, 15053)
PATIENCE = 1.5

lock = threading.Lock()


def say(**answer):
    with lock:
        print(json.dumps(answer), flush=True)


def made_by(uid, gid, family, kind):
    """A socket belongs to who makes it, whoever uses it."""
    os.setegid(gid)
    os.seteuid(uid)
    try:
        return socket.socket(family, kind)
    finally:
        os.seteuid(0)
        os.setegid(0)


def listener(family, kind, port):
    sock = made_by(PROXY_ID, PROXY_ID, family, kind) if port in PROXY_PORTS else socket.socket(family, kind)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if port == TRANSPARENT_PORT:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, IPV6_TRANSPARENT, 1)
        else:
            sock.setsockopt(socket.SOL_IP, IP_TRANSPARENT, 1)
    sock.bind(("", port) if family == socket.AF_INET else ("::", port))
    if kind == socket.SOCK_STREAM:
        sock.listen(128)
    sock.setblocking(False)
    return sock


def first_destination(conn, family):
    """The destination the connection had before any rule changed it, or what it has now."""
    try:
        if family == socket.AF_INET:
            raw = conn.getsockopt(socket.SOL_IP, SO_ORIGINAL_DST, 16)
            return [socket.inet_ntop(family, raw[4:8]), struct.unpack("!H", raw[2:4])[0]]
        raw = conn.getsockopt(socket.IPPROTO_IPV6, SO_ORIGINAL_DST, 28)
        return [socket.inet_ntop(family, raw[8:24]), struct.unpack("!H", raw[2:4])[0]]
    except OSError:
        return list(conn.getsockname()[:2])


def receive(conn, family, port):
    conn.settimeout(PATIENCE)
    try:
        token = conn.recv(200).decode()
        if token:
            say(landed=token, port=port, source=conn.getpeername()[0], first=first_destination(conn, family))
    except OSError:
        pass
    finally:
        conn.close()


def serve(ports):
    selector = selectors.DefaultSelector()
    for port in ports:
        for family in (socket.AF_INET, socket.AF_INET6):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                selector.register(listener(family, kind, port), selectors.EVENT_READ, (family, kind, port))
    say(ready=True)
    while True:
        for key, _ in selector.select():
            family, kind, port = key.data
            try:
                if kind == socket.SOCK_DGRAM:
                    data, peer = key.fileobj.recvfrom(200)
                    say(landed=data.decode(), port=port, source=peer[0], first=None)
                else:
                    conn, _peer = key.fileobj.accept()
                    threading.Thread(target=receive, args=(conn, family, port), daemon=True).start()
            except OSError:
                continue


def send(request):
    family = socket.AF_INET6 if ":" in request["destination"] else socket.AF_INET
    tcp = request["protocol"] == "tcp"
    kind = socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM
    sock = made_by(request["uid"], request["gid"], family, kind)
    sock.settimeout(PATIENCE)
    if request.get("mark"):
        sock.setsockopt(socket.SOL_SOCKET, SO_MARK, request["mark"])
    if request.get("source"):
        sock.bind((request["source"], 0))
    # Options above need capabilities; what connects is the owner in every respect.
    os.setresgid(request["gid"], request["gid"], request["gid"])
    os.setresuid(request["uid"], request["uid"], request["uid"])
    sock.connect((request["destination"], request["port"]))
    sock.send(request["token"].encode())
    if tcp:
        sock.shutdown(socket.SHUT_WR)
        sock.recv(1)


def as_owner(request):
    """Sends in a process of its own, which can drop its ids."""
    pid = os.fork()
    if pid == 0:
        status = 0
        try:
            os.setgroups([])
            send(request)
        except (ConnectionError, socket.timeout):
            status = 1
        except OSError as error:
            print(f"{request}: {error}", file=sys.stderr, flush=True)
            status = 2
        os._exit(status)
    _, code = os.waitpid(pid, 0)
    say(sent=request["token"], status=os.waitstatus_to_exitcode(code))


def main():
    if sys.argv[1] == "serve":
        serve([int(port) for port in sys.argv[2].split(",")])
    for line in sys.stdin:
        as_owner(json.loads(line))


main()
