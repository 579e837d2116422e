using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Inputs;

/// <summary>
/// What a vision tower that does not learn makes of each image, computed once before the first step instead of once an epoch,
/// and of equal images once. Always in the
/// same order and in the same portions, so a training that was continued sees the same bits as one that was not. Kept in main memory.
/// </summary>
internal sealed class VisionFeatureCache : IDisposable
{
    private const long MaxBytes = 256L << 20;
    private const int ImagesAtOnce = 16;

    private readonly Tensor states;                  // (N, I, Dv)
    private readonly Dictionary<byte[], long> rows;  // by pixels

    private VisionFeatureCache(Tensor states, Dictionary<byte[], long> rows)
    {
        this.states = states.DetachFromDisposeScope();
        this.rows = rows;
    }

    /// <summary>
    /// Bytes of the states of so many images; 0 where they are computed in each step, as the tower learns, as an image is seen once only,
    /// or as they would be too many.
    /// </summary>
    public static long BytesOf(LlavaConfig config, Recipe recipe, int numImages)
    {
        if (recipe.Trained is TrainedPart.Full || recipe.Epochs <= 1) return 0;
        var bytes = (long)numImages * config.NumImageTokens * config.Vision.Width * (recipe.Precision is Precision.BFloat16 ? 2 : 4);
        return bytes <= MaxBytes ? bytes : 0;
    }

    /// <summary>The states of all images of the samples; null where they are computed in each step.</summary>
    /// <exception cref="OperationCanceledException">Stopped between two portions.</exception>
    public static VisionFeatureCache? Of(Llava model, Recipe recipe, IEnumerable<EncodedSample> samples, ImageProcessor processor,
        CancellationToken cancellationToken)
    {
        byte[][] images = [.. samples.SelectMany(sample => sample.Images).Distinct(EqualPixels.Comparer)];
        if (BytesOf(model.Config, recipe, images.Length) == 0) return null;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var portions = new List<Tensor>();
        foreach (var portion in images.Chunk(ImagesAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var pixels = processor.ToTensor(portion)!;
            using var onDevice = model.VisionStates(pixels);
            portions.Add(onDevice.cpu());
        }
        return new VisionFeatureCache(cat(portions), images.Index().ToDictionary(image => image.Item, image => (long)image.Index, EqualPixels.Comparer));
    }

    /// <summary>The states of those images, (N, I, Dv); null for none.</summary>
    public Tensor? Of(IReadOnlyList<byte[]> images)
    {
        if (images.Count == 0) return null;
        using var index = tensor([.. images.Select(image => rows[image])], ScalarType.Int64);
        return states.index_select(0, index);
    }

    /// <inheritdoc />
    public void Dispose() => states.Dispose();
}
