using System.Globalization;

namespace TsVlm.Benchmarks;

/// <summary>
/// What a baseline reached on each set, kept in a file (dataset,baseline,accuracy,seconds) as soon as it is known, so that a long
/// measurement goes on where it was stopped.
/// </summary>
/// <param name="file">The file; null keeps nothing.</param>
internal sealed class MeasuredAccuracies(string? file)
{
    /// <summary>The results of that set and baseline: those kept, else measured now and kept.</summary>
    public (double Accuracy, double Seconds) Get(string dataset, string baseline, Func<(double Accuracy, double Seconds)> measure)
    {
        if (file is null) return measure();
        var kept = File.Exists(file)
            ? File.ReadLines(file).Select(line => line.Split(',')).LastOrDefault(row => row[0] == dataset && row[1] == baseline) : null;
        if (kept is not null)
            return (double.Parse(kept[2], CultureInfo.InvariantCulture), double.Parse(kept[3], CultureInfo.InvariantCulture));
        var (accuracy, seconds) = measure();
        File.AppendAllText(file, FormattableString.Invariant($"{dataset},{baseline},{accuracy},{seconds:0.0}\n"));
        return (accuracy, seconds);
    }
}
