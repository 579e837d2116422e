using System.Net;
using System.Net.Sockets;
using System.Text;
using TsVlm.Client;

namespace TsVlm.EndToEnd.Tests;

public class ServerAddressTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text/html", "<!DOCTYPE html><html></html>", "expected the JSON of a TsVlm server, found text/html.")]
    [InlineData("application/json", "[1, 2]", "expected the JSON of a TsVlm server, found other JSON.")]
    [InlineData("application/json", "{\"other\": 1}", "expected the JSON of a TsVlm server, found other JSON.")]
    public async Task An_address_that_answers_something_else_is_told_in_one_line(string type, string body, string expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Answer(listener, type, body);
        using var client = new TsVlmClient(new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), null, TimeProvider.System);
        var error = await Assert.ThrowsAsync<ServerException>(() => client.Submit(new() { Grid = "quick" }, Stop));
        Assert.Contains(expected, error.Message);
        Assert.Contains("Is this the address of a TsVlm server of this version?", error.Message);
        await answering;
    }

    private static async Task Answer(TcpListener listener, string type, string body)
    {
        using var connection = await listener.AcceptTcpClientAsync(Stop);
        var stream = connection.GetStream();
        await stream.ReadAtLeastAsync(new byte[1 << 16], 1, cancellationToken: Stop);
        var head = $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head + body), Stop);
        connection.Client.Shutdown(SocketShutdown.Send);
        while (await stream.ReadAsync(new byte[1 << 16], Stop) > 0)
        {
            // Whatever else the client has sent is read to its end.
        }
    }
}
