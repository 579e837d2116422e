using System.Globalization;
using TsVlm.Data;
using TsVlm.Evaluation.Metrics;

namespace TsVlm.Evaluation.Results;

/// <summary>labels.csv: one row a test case whose class is a set of labels, with the labels predicted and a probability for each.</summary>
public static class LabelsCsv
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter output, LabelledSets sets)
    {
        output.Write(CsvText.Line(["index", "labels", "prediction", .. sets.Labels.Select(label => $"probability_{label}")]) + "\n");
        for (var i = 0; i < sets.Cases.Count; i++)
        {
            output.Write(CsvText.Line([
                sets.Cases[i],
                Named(sets.Truth[i]),
                Named(sets.Predicted[i]),
                .. sets.Probabilities[i].Select(p => (object)p.ToString("0.######", CultureInfo.InvariantCulture))]) + "\n");
        }

        string Named(bool[] set) =>
            set.Contains(true) ? string.Join(LabelSets.Separator, sets.Labels.Where((_, l) => set[l])) : LabelSets.NoLabel;
    }
}
