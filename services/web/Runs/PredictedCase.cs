using System.Globalization;
using TsVlm.Data;

namespace TsVlm.Web.Runs;

/// <summary>A row of predictions.csv.</summary>
/// <param name="Case">Number of the case in the data set.</param>
/// <param name="Label">Its class.</param>
/// <param name="Prediction">The class with the highest probability.</param>
/// <param name="Probabilities">Each class with its probability, in the order of the classes.</param>
public sealed record PredictedCase(int Case, string Label, string Prediction, IReadOnlyList<(string Class, double Probability)> Probabilities)
{
    private const string Prefix = "probability_";

    /// <summary>Whether the prediction is the class.</summary>
    public bool IsRight => Label == Prediction;

    /// <summary>The highest probability; 0 where there is none.</summary>
    public double Confidence => Probabilities.Select(p => p.Probability).DefaultIfEmpty(0).Max();

    /// <summary>The rows of the file.</summary>
    public static IReadOnlyList<PredictedCase> Read(string text)
    {
        var rows = CsvRecord.All(text).Select(CsvRecord.Cells).ToList();
        if (rows.Count == 0) return [];
        var classes = rows[0].Skip(3).Select(name => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name).ToList();
        return [.. rows.Skip(1).Where(cells => cells.Count >= 3).Select(cells => new PredictedCase(
            int.Parse(cells[0], CultureInfo.InvariantCulture), cells[1], cells[2],
            [.. classes.Zip(cells.Skip(3), (name, value) => (name, double.Parse(value, CultureInfo.InvariantCulture)))]))];
    }
}
