# A WebSocket server and its client, with compression: each text that the client prints it
# has sent, and has got back.
import asyncio
import websockets


async def echo(ws, path=None):
    async for message in ws:
        await ws.send(message)


async def main():
    async with websockets.serve(echo, "127.0.0.1", 8799):
        async with websockets.connect("ws://127.0.0.1:8799/echo") as client:
            for i in range(50):
                text = "text-%d-" % i + "abc" * i * i
                await client.send(text)
                assert await client.recv() == text
                print(text)


asyncio.run(main())
