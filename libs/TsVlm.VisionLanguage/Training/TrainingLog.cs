using System.Globalization;
using System.Text;

namespace TsVlm.VisionLanguage.Training;

/// <summary>Writes the steps of a training as training.csv.</summary>
public static class TrainingLog
{
    private const string Header = "step,epoch,lr,loss,validation_loss,part";

    /// <summary>
    /// Writes one row a step; <c>validation_loss</c> is empty but at the end of an epoch, and <c>part</c> is <c>training</c> or
    /// <c>refit</c>, whose steps count from 0 again. The file appears complete or not at all.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="training">The training, with the selection before it where it is a refit; null for none.</param>
    public static void Write(string path, FineTuningResult? training)
    {
        var text = new StringBuilder(Header).Append('\n');
        Append(text, (training?.Selection ?? training)?.Steps, "training");
        Append(text, training?.Selection is null ? null : training.Steps, "refit");
        var unfinished = path + ".tmp";
        File.WriteAllText(unfinished, text.ToString());
        File.Move(unfinished, path, overwrite: true);
    }

    private static void Append(StringBuilder text, IEnumerable<TrainingStep>? steps, string part)
    {
        foreach (var step in steps ?? [])
            text.Append(CultureInfo.InvariantCulture,
                $"{step.Step},{step.Epoch:R},{step.LearningRate:R},{step.Loss:R},{step.ValidationLoss:R},{part}\n");
    }
}
