using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Comparison;

/// <summary>A property of data sets by which accuracy differences are binned.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Explanation">What the number means.</param>
/// <param name="Of">The number of a data set; NaN where it is not known.</param>
/// <param name="Edges">Lower ends of the second and later bins, themselves inside.</param>
/// <param name="BinNames">One more than edges.</param>
public sealed record DatasetProperty(string Name, string Explanation, Func<ComparedDataset, double> Of, IReadOnlyList<double> Edges,
    IReadOnlyList<string> BinNames)
{
    /// <summary>Those that are reported; the bins are fixed beforehand, so that no result chooses them.</summary>
    public static IReadOnlyList<DatasetProperty> All { get; } =
    [
        new("Classes", "number of classes", d => d.NumClasses, [3, 6, 11], ["2", "3 to 5", "6 to 10", "more than 10"]),
        new("Imbalance", "share of the largest training class times the number of classes; 1 is balanced",
            d => d.Facts is { } facts
            ? facts.LargestTrainShare * d.NumClasses : double.NaN, [1.25, 2], ["below 1.25", "1.25 to 2", "2 and more"]),
        new("Length", "time steps of the longest series", d => d.Facts?.MaxLength
            ?? double.NaN, [101, 301, 701], ["up to 100", "101 to 300", "301 to 700", "more than 700"]),
        new("Channels", "channels of the series", d => d.Facts?.NumChannels ?? double.NaN, [2, 6], ["1", "2 to 5", "6 and more"]),
        new("Kind of signal", "what the series are a record of, by the archives' own lists or --kinds", d => d.Kind is { } kind
            ? (double)kind : double.NaN,
            [.. Enum.GetValues<SignalKind>().Skip(1).Select(kind => (double)kind)], [.. Enum.GetNames<SignalKind>()
            .Select(name => name.ToLowerInvariant())]),
        new("Axis", "what the series run over", d => d.Kind is { } kind
            ? SignalKinds.AxisOf(kind) : double.NaN, [1, 2], ["time", "space or wavelength", "simulated"]),
        new("Training cases",
            "training cases of the split", d => d.NumTrain, [51, 151, 501], ["up to 50", "51 to 150", "151 to 500", "more than 500"]),
    ];

    /// <summary>The bin of a data set, from 0; null where the property is not known.</summary>
    public int? Bin(ComparedDataset dataset) => Of(dataset) is var value && double.IsNaN(value) ? null : Edges.Count(edge => value >= edge);
}

/// <summary>A classifier against the reference on the complete data sets of one bin.</summary>
/// <param name="Property">The property.</param>
/// <param name="Bin">Position of the bin.</param>
/// <param name="Classifier">The classifier.</param>
/// <param name="NumDatasets">Data sets of the bin.</param>
/// <param name="MeanDifference">Mean of its accuracy minus the reference's.</param>
/// <param name="Wins">Data sets of the bin on which it is better.</param>
/// <param name="Losses">Data sets of the bin on which it is worse.</param>
public sealed record BinDifference(
    DatasetProperty Property, int Bin, ComparedClassifier Classifier, int NumDatasets, double MeanDifference, int Wins, int Losses);

/// <summary>Where classifiers fall behind the reference.</summary>
public static class FailureModes
{
    /// <summary>
    /// Every bin that holds a data set, for every classifier but the reference, in the order of properties, bins and ranks.
    /// </summary>
    public static IReadOnlyList<BinDifference> Of(RankComparison comparison) =>
    [
        .. from property in DatasetProperty.All
           from bin in comparison.Table.Complete.Where(d => property.Bin(d) is not null).GroupBy(d => property.Bin(d)!.Value)
               .OrderBy(g => g.Key)
           from ranked in comparison.Ranked
           where ranked.Classifier != comparison.Reference
           let differences = bin.Select(d => Difference(comparison, d, ranked.Classifier)).ToList()
           select new BinDifference(
               property, bin.Key, ranked.Classifier, differences.Count, differences.Average(),
               differences.Count(d => Ties.Compare(d, 0) > 0), differences.Count(d => Ties.Compare(d, 0) < 0)),
    ];

    /// <summary>Accuracy of the classifier minus the reference's on a complete data set.</summary>
    public static double Difference(RankComparison comparison, ComparedDataset dataset, ComparedClassifier classifier) =>
        comparison.Table[dataset, classifier]!.Accuracy.Mean - comparison.Table[dataset, comparison.Reference]!.Accuracy.Mean;
}
