using System.Globalization;
using TsVlm.Artifacts;

namespace TsVlm.Evaluation.Results;

/// <summary>Reads training.csv by the names of its columns, whatever their order and whatever others there are.</summary>
public static class TrainingLogCsv
{
    /// <summary>The steps; none for a model that was not trained step by step.</summary>
    /// <exception cref="ArtifactException">A column is missing, or a field is no number; the message names file and line.</exception>
    public static IReadOnlyList<TrainingLogRow> Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var columns = lines.Length == 0 ? [] : lines[0].Split(',');
        var (step, epoch, rate, loss,
            validation) = (Column("step"), Column("epoch"), Column("lr"), Column("loss"), Column("validation_loss"));
        var part = Array.IndexOf(columns, "part");   // -1 in logs from before there were refits
        return [.. lines.Index().Skip(1).Select(line => Row(line.Index, line.Item.Split(',')))];

        TrainingLogRow Row(int line, string[] fields)
        {
            if (fields.Length != columns.Length) throw Error(line, $"{columns.Length} fields", $"{fields.Length}");
            return new((int)Number(line, fields[step]), Number(line, fields[epoch]), Number(line, fields[rate]), Number(line, fields[loss]),
                fields[validation].Length == 0 ? null : Number(line, fields[validation])) { IsRefit = part >= 0 && fields[part] == "refit" };
        }

        int Column(string name) => Array.IndexOf(columns, name) is >= 0 and var index
            ? index
            : throw Error(0, $"a column {name}", columns.Length == 0 ? "an empty file" : string.Join(", ", columns));

        double Number(int line, string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Error(line, "a number", $"'{text}'");

        ArtifactException Error(int line, string expected, string found) =>
            new($"{path}({line + 1}): expected {expected}, found {found}. Remove the checkpoint; its stage will run again.");
    }
}
