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


def made_by_proxy(family, kind):
    """A socket belongs to who makes it, whoever uses it."""
    os.setegid(PROXY_ID)
    os.seteuid(PROXY_ID)
    try:
        return socket.socket(family, kind)
    finally:
        os.seteuid(0)
        os.setegid(0)


def listener(family, kind, port):
    sock = made_by_proxy(family, kind) if port in PROXY_PORTS else socket.socket(family, kind)
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
    sock = socket.socket(family, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM)
    sock.settimeout(PATIENCE)
    if request.get("mark"):
        sock.setsockopt(socket.SOL_SOCKET, SO_MARK, request["mark"])
    if request.get("source"):
        if request.get("transparent"):
            sock.setsockopt(socket.SOL_IP, IP_TRANSPARENT, 1)
        sock.bind((request["source"], 0))
    sock.connect((request["destination"], request["port"]))
    sock.send(request["token"].encode())
    if tcp:
        sock.shutdown(socket.SHUT_WR)
        sock.recv(1)


def as_owner(request):
    """Sends in a process of its own: the socket's owner is who makes it."""
    pid = os.fork()
    if pid == 0:
        status = 0
        try:
            os.setgroups([])
            if request.get("mark") or request.get("transparent"):
                # Marks and foreign sources need a capability, so the ids follow the socket options there.
                os.setresgid(request["gid"], request["gid"], 0)
                os.setegid(request["gid"])
                os.seteuid(request["uid"])
            else:
                os.setresgid(request["gid"], request["gid"], request["gid"])
                os.setresuid(request["uid"], request["uid"], request["uid"])
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
