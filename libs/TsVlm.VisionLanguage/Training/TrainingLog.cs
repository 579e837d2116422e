using System.Globalization;
using System.Text;

namespace TsVlm.VisionLanguage.Training;

/// <summary>Writes the steps of a training as training.csv.</summary>
public static class TrainingLog
{
    private const string Header = "step,epoch,lr,loss,validation_loss";

    /// <summary>
    /// Writes one row a step; <c>validation_loss</c> is empty but at the end of an epoch. The file appears complete or not at all.
    /// </summary>
    public static void Write(string path, IEnumerable<TrainingStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        var text = new StringBuilder(Header).Append('\n');
        foreach (var step in steps)
            text.Append(CultureInfo.InvariantCulture,
                $"{step.Step},{step.Epoch:R},{step.LearningRate:R},{step.Loss:R},{step.ValidationLoss:R}\n");
        var unfinished = path + ".tmp";
        File.WriteAllText(unfinished, text.ToString());
        File.Move(unfinished, path, overwrite: true);
    }
}
