using System.Diagnostics;
using TsVlm.Artifacts.Blobs;
using TsVlm.Contracts;

namespace TsVlm.Benchmarks;

/// <summary>MB a second of artifacts to and from a blob store, checksums, manifest and cache included.</summary>
public static class BlobTransfer
{
    private const int Megabyte = 1_000_000;
    private const int NumTrials = 5;

    /// <summary>Prints medians for one file of 200 MB, and for 85 shards of 1 MB.</summary>
    /// <param name="connectionString">As <c>ConnectionStrings__blobs</c>.</param>
    public static async Task Run(string connectionString)
    {
        var options = new BlobStoreOptions();
        var container = BlobConnection.Container(connectionString, options);
        var local = Directory.CreateTempSubdirectory("tsvlm-blobs-").FullName;
        try
        {
            using (var store = new BlobArtifactStore(container, local, options))
            {
                await store.Open(CancellationToken.None);
                await Measure(store, numFiles: 1, megabytes: 200);
                await Measure(store, numFiles: 85, megabytes: 1);
            }
        }
        finally
        {
            Directory.Delete(local, recursive: true);
        }
    }

    private static async Task Measure(BlobArtifactStore store, int numFiles, int megabytes)
    {
        var (up, down, again) = (new double[NumTrials], new double[NumTrials], new double[NumTrials]);
        for (var trial = 0; trial < NumTrials; trial++)
        {
            var key = new ArtifactKey(ArtifactKind.Samples, ContentHash.Of(Guid.NewGuid()));
            var work = Make(store, numFiles, megabytes, trial);
            up[trial] = await Seconds(() => store.Publish(key, work, CancellationToken.None));
            down[trial] = await Seconds(() => store.Fetch(key, CancellationToken.None));
            again[trial] = await Seconds(() => store.Fetch(key, CancellationToken.None));
            await foreach (var part in store.List(CancellationToken.None))
            {
                if (part.Key == key) await store.Remove(part, CancellationToken.None);
            }
        }
        double total = numFiles * megabytes;
        Console.WriteLine(FormattableString.Invariant(
            $"{numFiles} x {megabytes} MB: up {total / Median(up):F0} MB/s ({Median(up):F2} s), down {total / Median(down):F0} MB/s ({Median(down):F2} s), ")
            + FormattableString.Invariant(
                $"from the cache {total / Median(again):F0} MB/s; peak {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB resident"));
    }

    private static string Make(BlobArtifactStore store, int numFiles, int megabytes, int seed)
    {
        var work = store.CreateWorkFolder();
        var (random, piece) = (new Random(seed), new byte[Megabyte]);
        for (var i = 0; i < numFiles; i++)
        {
            using var file = File.Create(Path.Combine(work, $"train-{i:d5}.tar"));
            for (var m = 0; m < megabytes; m++)
            {
                random.NextBytes(piece);
                file.Write(piece);
            }
        }
        return work;
    }

    private static async Task<double> Seconds(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalSeconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
