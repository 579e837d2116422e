using System.Diagnostics;
using TsVlm.Contracts;
using TsVlm.Telemetry;

namespace TsVlm.Artifacts;

/// <summary>Spans and bytes of what goes to the artifact store and comes from it.</summary>
internal static class StoreTraces
{
    /// <summary>Sends files to the store.</summary>
    public static Task<T> Upload<T>(ArtifactKey key, string path, long bytes, Func<Task<T>> send) =>
        Transfer(TelemetryNames.Upload, key, path, bytes, send);

    /// <summary>Fetches files from the store.</summary>
    public static Task<T> Download<T>(ArtifactKey key, string path, long bytes, Func<Task<T>> fetch) =>
        Transfer(TelemetryNames.Download, key, path, bytes, fetch);

    private static async Task<T> Transfer<T>(string name, ArtifactKey key, string path, long bytes, Func<Task<T>> transfer)
    {
        // In one process a data set is imported before any run begins: a transfer that belongs to nothing begins no trace.
        using var span = Activity.Current is null ? null : RunTraces.Start(name);
        span?.SetTag(TelemetryNames.ArtifactKind, key.Kind.ToString().ToLowerInvariant()).SetTag(TelemetryNames.ArtifactPath, path)
            .SetTag(TelemetryNames.Bytes, bytes);
        try
        {
            var result = await transfer();
            StageMetrics.Transferred(bytes, isUpload: name == TelemetryNames.Upload);
            return result;
        }
        catch (Exception error)
        {
            span.Fail(error, ErrorText.Of(error));
            throw;
        }
    }
}
