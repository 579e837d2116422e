using System.Globalization;
using TsVlm.Evaluation.Metrics;

namespace TsVlm.Evaluation.Results;

/// <summary>predictions.csv: one row a test case, with a probability for each class.</summary>
public static class PredictionsCsv
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string> classes, IEnumerable<CasePrediction> predictions)
    {
        output.Write(CsvText.Line(["index", "label", "prediction", .. classes.Select(c => $"probability_{c}")]) + "\n");
        foreach (var prediction in predictions)
        {
            output.Write(CsvText.Line([
                prediction.Case,
                classes[prediction.Label],
                classes[prediction.Predicted],
                .. prediction.Probabilities.Select(p => (object)p.ToString("0.######", CultureInfo.InvariantCulture))]) + "\n");
        }
    }

    /// <summary>Writes what the model said of each case before it answered: one row a test case.</summary>
    public static void WriteRationales(TextWriter output, IReadOnlyList<string> classes, IReadOnlyList<CasePrediction> predictions,
        IReadOnlyList<string> rationales)
    {
        output.Write(CsvText.Line("index", "prediction", "rationale") + "\n");
        foreach (var (prediction,
            rationale) in predictions.Zip(rationales)) output.Write(CsvText.Line(prediction.Case, classes[prediction.Predicted], rationale)
                + "\n");
    }
}
