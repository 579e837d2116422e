using TsVlm.Data;
using TsVlm.Models;
using TsVlm.Pretraining.Synthetic;
using TsVlm.Representations.Images;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.Pretraining;

/// <summary>Zoom mosaics of groups of series and the teacher's components of each series, for the vision tower.</summary>
internal sealed class TowerBatches(ModelFolder folder, PretrainingSettings settings, SyntheticSeries series, Teacher teacher)
    : IPretrainingBatches
{
    private readonly ImageProcessor images = ImageProcessor.Open(folder.Path);

    public IReadOnlyList<IReadOnlyList<double>> TargetWeights { get; } = [[.. teacher.Shares.Select(Math.Sqrt)]];

    public PretrainingBatch Of(int step, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var numGroups = settings.BatchSize / PretrainingSettings.GroupSize;
        TimeSeries[] chosen = [.. Enumerable.Range(0, numGroups)
            .SelectMany(group => series.Group(((long)step * numGroups) + group, PretrainingSettings.GroupSize))];
        var mosaic = new ZoomMosaic(folder.Inputs.ImageSize, folder.Inputs.PatchSize, 1, 1);
        byte[][] squares = [
            .. chosen.Select(one =>
                PngImage.Decode(mosaic.Draw(new([.. Enumerable.Range(0, one.Length)], [one.Channel(0).ToArray()], one.Length))).Rgb)];
        return new DistillationBatch(
            images.ToTensor(squares)!.DetachFromDisposeScope(), teacher.Describe(chosen, 1, cancellationToken).DetachFromDisposeScope())
        {
            GroupSize = PretrainingSettings.GroupSize,
        };
    }
}
