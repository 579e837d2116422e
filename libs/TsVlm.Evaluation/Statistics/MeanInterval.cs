namespace TsVlm.Evaluation.Statistics;

/// <summary>A mean accuracy on one data set with its 95% interval.</summary>
/// <param name="Mean">Mean over the resamples, each the mean over its seeds.</param>
/// <param name="Lower">Lower end, at least 0; NaN where neither repetitions nor the number of test cases are known.</param>
/// <param name="Upper">Upper end, at most 1; NaN likewise.</param>
public sealed record MeanInterval(double Mean, double Lower, double Upper)
{
    /// <summary>The interval of a share over so many test cases (Wilson 1927); without ends where the number is unknown.</summary>
    public static MeanInterval OfShare(double share, int? numTest)
    {
        if (numTest is not { } count) return new(share, double.NaN, double.NaN);
        var (lower, upper) = Binomial.WilsonInterval(share, count);
        return new(share, lower, upper);
    }

    /// <summary>
    /// Over several resamples: Student's t with the variance of Nadeau and Bengio (2003, section 3), (1/J + test/train) s², since their
    /// training parts overlap.
    /// Over several seeds of one split: Student's t over the seeds, or Wilson's interval of the mean where that is wider, since the test
    /// cases are the same.
    /// Over one run: Wilson's.
    /// </summary>
    /// <param name="resamples">Accuracies (resamples, seeds of it).</param>
    /// <param name="numTrain">Training cases.</param>
    /// <param name="numTest">Test cases.</param>
    public static MeanInterval Of(IReadOnlyList<IReadOnlyList<double>> resamples, int numTrain, int numTest)
    {
        if (resamples.Count > 1)
            return Student([.. resamples.Select(seeds => seeds.Average())], (1.0 / resamples.Count) + ((double)numTest / numTrain));
        var wilson = OfShare(resamples[0].Average(), numTest);
        if (resamples[0].Count == 1) return wilson;
        var student = Student(resamples[0], 1.0 / resamples[0].Count);
        return new(wilson.Mean, Math.Min(wilson.Lower, student.Lower), Math.Max(wilson.Upper, student.Upper));
    }

    private static MeanInterval Student(IReadOnlyList<double> values, double factor)
    {
        var mean = values.Average();
        var variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
        var half = Distributions.StudentQuantile(0.975, values.Count - 1) * Math.Sqrt(factor * variance);
        return new(mean, Math.Max(0, mean - half), Math.Min(1, mean + half));
    }
}
