using System.Data.Common;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Azure;
using MassTransit;
using RabbitMQ.Client.Exceptions;
using TsVlm.Artifacts;
using TsVlm.Contracts;

namespace TsVlm.Messaging;

/// <summary>What a failed attempt means for the next one. The one place that decides.</summary>
public static class Failures
{
    private const int DiskFull = 28;              // ENOSPC
    private const int QuotaExceeded = 122;        // EDQUOT
    private const int WindowsDiskFull = 0x70;     // ERROR_DISK_FULL
    private const int SqliteFull = 13;            // SQLITE_FULL; PostgreSQL has none of these numbers

    /// <summary>
    /// Whether trying again may mend it: the broker, the store or the database was not reachable, the disk was full, a device was lost.
    /// Everything else would fail again, and costs only time.
    /// </summary>
    public static bool IsTransient(Exception error) => Chain(error).Any(IsTransientAlone);

    /// <summary>The error of that type among an error and its causes; null for none.</summary>
    public static T? CauseOf<T>(Exception error) where T : Exception => Chain(error).OfType<T>().FirstOrDefault();

    /// <summary>Whether a GPU failed: nothing works in this process any more.</summary>
    public static bool IsLostDevice(Exception error) =>
        Chain(error).OfType<ExternalException>().Any(e => e is not DbException && e.Message.Contains("CUDA error", StringComparison.Ordinal)
            && !e.Message.Contains("out of memory", StringComparison.Ordinal));

    /// <summary>Whether a disk had no room for what was to be written.</summary>
    public static bool IsDiskFull(Exception error) => DiskFullCause(error) is not null;

    /// <summary>The error that a full disk gave, which may name the file; null for another reason.</summary>
    public static Exception? DiskFullCause(Exception error) => Chain(error).FirstOrDefault(IsDiskFullAlone);

    /// <summary>The artifact that an error says is missing from the store; null for another error.</summary>
    public static ArtifactKey? LostArtifact(Exception error) => Chain(error).OfType<MissingArtifactException>().FirstOrDefault()?.Key;

    private static bool IsTransientAlone(Exception error) => error switch
    {
        ArtifactStoreException => true,
        RequestFailedException azure => azure.Status is 0 or 408 or 429 or >= 500,
        DbException database => database.IsTransient,
        BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException => true,
        ConnectionException or RabbitMqConnectionException => true,
        SocketException or HttpRequestException or TimeoutException => true,
        IOException => IsDiskFullAlone(error),
        _ => IsLostDevice(error),
    };

    private static bool IsDiskFullAlone(Exception error) => error switch
    {
        IOException io => (io.HResult & 0xFFFF) is DiskFull or QuotaExceeded or WindowsDiskFull,
        DbException database => database.ErrorCode == SqliteFull,
        _ => false,
    };

    private static IEnumerable<Exception> Chain(Exception error)
    {
        yield return error;
        IEnumerable<Exception> causes = error is AggregateException several ? several.InnerExceptions : error.InnerException is { } cause
            ? [cause] : [];
        foreach (var inner in causes.SelectMany(Chain)) yield return inner;
    }
}
