using System.Diagnostics;
using TsVlm.Representations.Samples;

namespace TsVlm.Benchmarks;

/// <summary>Resident memory and samples a second while many series become samples in shards, on one thread.</summary>
public static class DataGenerationMemory
{
    /// <summary>Writes that many samples below a temporary folder and prints a line at 1,000, 2,000, 5,000, 10,000 ... samples.</summary>
    public static void Run(int numSeries = 100_000, int length = 150, int numChannels = 1)
    {
        var folder = Directory.CreateTempSubdirectory("tsvlm-datagen-").FullName;
        try
        {
            var builder = DataGenerationSeries.Builder(DataGenerationSeries.Make(seed: 0, length, numChannels));
            SampleShards.Write(folder, "train", Samples(builder, numSeries, length, numChannels));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<Sample> Samples(SampleBuilder builder, int numSeries, int length, int numChannels)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < numSeries; i++)
        {
            yield return new Sample(i, builder.Build(DataGenerationSeries.Make(i, length, numChannels)), builder.Answers[i % 2]);
            if (IsReported(i + 1))
                Console.WriteLine(FormattableString.Invariant(
                    $"{i + 1} samples, {(i + 1) / watch.Elapsed.TotalSeconds:F0} samples/s, {Environment.WorkingSet / 1e6:F0} MB resident"));
        }
    }

    private static bool IsReported(int done)
    {
        while (done >= 10_000 && done % 10 == 0) done /= 10;
        return done is 1000 or 2000 or 5000;
    }
}
