using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TsVlm.Distributed.Tests;

/// <summary>The wire between a client and a server, which can be cut, be refused, or carry nothing any more.</summary>
internal sealed class TcpLine : IAsyncDisposable
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(2);
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> ends = [];
    private readonly Stopwatch sinceCut = new();
    private readonly int target;
    private readonly Task taking;
    private TaskCompletionSource? stalled;
    private bool isRefused;

    public TcpLine(int target)
    {
        this.target = target;
        listener.Start();
        taking = Take();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Cuts every connection at once; none is taken for two seconds.</summary>
    public void Drop()
    {
        sinceCut.Restart();
        Cut();
    }

    /// <summary>Nothing arrives any more, and nothing is refused: as when a machine or a network hangs.</summary>
    public void Stall() => Volatile.Write(ref stalled, new());

    /// <summary>Every connection is cut, and none is taken: as when a server has ended.</summary>
    public void Refuse()
    {
        isRefused = true;
        Cut();
    }

    /// <summary>All is well again; what was stalled arrives.</summary>
    public void Restore()
    {
        isRefused = false;
        Interlocked.Exchange(ref stalled, null)?.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        Cut();
        Restore();
        await taking;
    }

    private async Task Take()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                if (isRefused || (sinceCut.IsRunning && sinceCut.Elapsed < Away))
                {
                    client.Dispose();
                    continue;
                }
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, target);
                lock (ends) ends.AddRange([client, server]);
                _ = Carry(client, server);
                _ = Carry(server, client);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The line is taken down.
        }
    }

    private async Task Carry(TcpClient from, TcpClient to)
    {
        var some = new byte[1 << 16];
        try
        {
            while (await from.GetStream().ReadAsync(some) is > 0 and var count)
            {
                if (Volatile.Read(ref stalled) is { } held) await held.Task;
                await to.GetStream().WriteAsync(some.AsMemory(0, count));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
        to.Close();
    }

    private void Cut()
    {
        lock (ends)
        {
            foreach (var end in ends) end.Dispose();
            ends.Clear();
        }
    }
}
