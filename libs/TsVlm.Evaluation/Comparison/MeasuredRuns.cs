using TsVlm.Data;

namespace TsVlm.Evaluation.Comparison;

/// <summary>The rows of one or several results.csv as one set of runs on the same data, each there once.</summary>
internal sealed class MeasuredRuns
{
    private readonly bool hasManyModels;

    /// <param name="rows">The rows, in the order of the files.</param>
    /// <param name="protocol">The one to compare; null where there is one only.</param>
    /// <exception cref="DataException">Several protocols, a run with two results, or data sets that differ.</exception>
    public MeasuredRuns(IReadOnlyList<ResultRow> rows, string? protocol)
    {
        var protocols = rows.Select(r => r.Protocol).Distinct().ToList();
        if (protocol is null && protocols.Count > 1)
            throw new DataException(
                $"{rows.First(r => r.Protocol != protocols[0]).Place}: expected results of one protocol, since accuracies on other splits cannot be compared; "
                + $"found {string.Join(" and ", protocols)}. Choose one with --protocol.");
        if (protocol is not null && !protocols.Contains(protocol))
            throw new DataException(
                $"--protocol: expected one of the results', {string.Join(", ", protocols)}; found {protocol}. Choose another, or leave it out.");
        Protocol = protocol ?? protocols[0];
        hasManyModels = rows.Where(r => !r.IsBaseline).Select(r => r.Model).Distinct().Count() > 1;
        var distinct = new Dictionary<(string, string, int, int), ResultRow>();
        var sizes = new Dictionary<(string, int), ResultRow>();
        foreach (var row in rows.Where(r => r.Protocol == Protocol))
        {
            CheckSizes(row, sizes);
            if (distinct.TryAdd((row.Dataset, Name(row), row.Resample, row.Seed), row)) continue;
            var other = distinct[(row.Dataset, Name(row), row.Resample, row.Seed)];
            if (other.Accuracy != row.Accuracy)
                throw new DataException(
                    $"{row.Place}: expected one result of {Name(row)} on {row.Dataset} at resample {row.Resample} and seed {row.Seed}, "
                    + $"found {row.Accuracy} here and {other.Accuracy} in {other.Place}. Leave one of the files out, or give the scenario another name in one of them.");
        }
        Rows = [.. distinct.Values];
        Classifiers = [.. Rows.Select(Classifier).Distinct().OrderBy(c => c.Kind)];
        Datasets = [.. Rows.Select(r => r.Dataset).Distinct()];
    }

    public string Protocol { get; }

    public IReadOnlyList<ResultRow> Rows { get; }

    public IReadOnlyList<ComparedClassifier> Classifiers { get; }

    public IReadOnlyList<string> Datasets { get; }

    public ComparedClassifier Classifier(ResultRow row) =>
        new(Name(row), row.IsBaseline ? ClassifierKind.Baseline : ClassifierKind.Scenario);

    private string Name(ResultRow row) => hasManyModels && !row.IsBaseline ? $"{row.ShortName} · {row.Model}" : row.ShortName;

    /// <summary>Two files may hold data sets of the same name that are not the same; then their accuracies must not meet.</summary>
    private static void CheckSizes(ResultRow row, Dictionary<(string, int), ResultRow> sizes)
    {
        if (sizes.TryAdd((row.Dataset, row.Resample), row)) return;
        var other = sizes[(row.Dataset, row.Resample)];
        if ((row.NumTrain, row.NumTest, row.NumClasses) != (other.NumTrain, other.NumTest, other.NumClasses))
            throw new DataException($"{row.Place}: expected {Sizes(other)} of {row.Dataset} as in {other.Place}, found {Sizes(row)}. "
                + "These are not the same data; leave one of the files out.");
    }

    private static string Sizes(ResultRow row) => $"{row.NumTrain} training cases, {row.NumTest} test cases and {row.NumClasses} classes";
}
