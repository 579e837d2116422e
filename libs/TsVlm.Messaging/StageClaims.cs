using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using TsVlm.Contracts;

namespace TsVlm.Messaging;

/// <summary>
/// Lets one worker at a time make an artifact. Whoever waits for its turn finds the artifact in the store afterwards, and has nothing to
/// do.
/// </summary>
public interface IStageClaims
{
    /// <summary>Waits for the turn; disposing ends it.</summary>
    Task<IAsyncDisposable> Claim(ArtifactKey key, CancellationToken cancellationToken);
}

/// <summary>Claims within one process.</summary>
public sealed class ProcessClaims : IStageClaims
{
    private readonly Dictionary<string, Turn> turns = [];

    /// <summary>Number of names that are claimed or waited for.</summary>
    public int Count
    {
        get
        {
            lock (turns) return turns.Count;
        }
    }

    /// <inheritdoc />
    public Task<IAsyncDisposable> Claim(ArtifactKey key, CancellationToken cancellationToken) => Claim(key.Path, cancellationToken);

    internal async Task<IAsyncDisposable> Claim(string name, CancellationToken cancellationToken)
    {
        var turn = Enter(name);
        try
        {
            await turn.Free.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(name, turn);
            throw;
        }
        return new Release(() =>
        {
            turn.Free.Release();
            Leave(name, turn);
        });
    }

    private Turn Enter(string name)
    {
        lock (turns)
        {
            if (!turns.TryGetValue(name, out var turn)) turns[name] = turn = new();
            turn.NumUsers++;
            return turn;
        }
    }

    /// <summary>The last to leave takes the turn with it, so that a service does not keep one for every artifact it ever made.</summary>
    private void Leave(string name, Turn turn)
    {
        lock (turns)
        {
            if (--turn.NumUsers > 0) return;
            turns.Remove(name);
            turn.Free.Dispose();
        }
    }

    private sealed class Turn
    {
        public SemaphoreSlim Free { get; } = new(1);

        public int NumUsers { get; set; }
    }

    private sealed class Release(Action release) : IAsyncDisposable
    {
        private Action? release = release;

        public ValueTask DisposeAsync()
        {
            Interlocked.Exchange(ref release, null)?.Invoke();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>
/// Claims among all processes at one broker: an exclusive queue named after what is claimed, which belongs to one connection and which the
/// broker removes the moment that connection ends, however the process ends. No clock and no expiry decide.
/// </summary>
public sealed class BrokerClaims(BrokerConnection broker, TimeProvider clock) : IStageClaims
{
    private const ushort ResourceLocked = 405;
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(20);   // where the artifact is there already, turns are short
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(0.5);
    private readonly ProcessClaims here = new();   // a connection may claim twice what it has claimed

    /// <inheritdoc />
    public Task<IAsyncDisposable> Claim(ArtifactKey key, CancellationToken cancellationToken) =>
        Claim($"{key.Kind.ToString().ToLowerInvariant()}.{key.Hash}", cancellationToken);

    internal async Task<IAsyncDisposable> Claim(string name, CancellationToken cancellationToken)
    {
        var own = await here.Claim(name, cancellationToken);
        try
        {
            for (var wait = ShortestWait; ; wait = wait < LongestWait ? wait * 2 : LongestWait)
            {
                if (await TryDeclare($"claim.{name}", cancellationToken) is { } channel)
                    return new Claimed(channel.Channel, channel.Queue, own);
                await Task.Delay(wait, clock, cancellationToken);
            }
        }
        catch
        {
            await own.DisposeAsync();
            throw;
        }
    }

    private async Task<(IChannel Channel, string Queue)?> TryDeclare(string queue, CancellationToken cancellationToken)
    {
        var channel = await (await broker.Open(cancellationToken)).CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await channel.QueueDeclareAsync(queue, durable: false, exclusive: true, autoDelete: false,
                cancellationToken: cancellationToken);
            return (channel, queue);
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason?.ReplyCode == ResourceLocked)
        {
            await channel.DisposeAsync();
            return null;
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    private sealed class Claimed(IChannel channel, string queue, IAsyncDisposable own) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                if (channel.IsOpen) await channel.QueueDeleteAsync(queue);
            }
            catch (Exception error)
                when (error is OperationInterruptedException or AlreadyClosedException or IOException or TimeoutException)
            {
                // The connection is gone, and the claim with it.
            }
            finally
            {
                await channel.DisposeAsync();
                await own.DisposeAsync();
            }
        }
    }
}
