using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Readers;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Results;

/// <summary>Which test cases a run has right: what two runs on the same cases are compared by.</summary>
/// <param name="Cases">Numbers of the test cases in the data set, as predictions.csv lists them.</param>
/// <param name="IsRight">Whether each was predicted right, in the same order.</param>
public sealed record TestOutcomes(IReadOnlyList<int> Cases, IReadOnlyList<bool> IsRight)
{
    /// <summary>Share of cases that are right.</summary>
    public double Accuracy => (double)IsRight.Count(right => right) / IsRight.Count;

    /// <summary>The outcomes in the predictions.csv of a run's folder or evaluation.</summary>
    /// <exception cref="DataException">The file is not as expected.</exception>
    public static TestOutcomes Read(string folder) =>
        Of(CsvTable.Read(Path.Combine(folder, ArtifactFiles.Predictions), "index", "label", "prediction"));

    /// <summary>The outcomes in rows of a predictions.csv.</summary>
    /// <exception cref="DataException">A row is not as expected.</exception>
    public static TestOutcomes Of(IReadOnlyList<CsvRow> rows) =>
        new([.. rows.Select(row => row.WholeNumber("index"))], [.. rows.Select(row => row.Text("label") == row.Text("prediction"))]);

    /// <summary>McNemar's test of this run and another; null where they were not tested on the same cases.</summary>
    public McNemarTest? Against(TestOutcomes other)
    {
        if (!Cases.SequenceEqual(other.Cases)) return null;
        var pairs = IsRight.Zip(other.IsRight).ToList();
        return McNemarTest.Of(pairs.Count(p => p.First && !p.Second), pairs.Count(p => p.Second && !p.First));
    }
}
