using System.Text.Json;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Architecture;

/// <summary>Tests that compute with tensors run one after the other, on one thread: they share a process-wide library.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchTests
{
    public const string Name = "torch";
}

/// <summary>The reference outputs of Hugging Face transformers 4.47 for a tiny model (tests/fixtures/README.md).</summary>
internal sealed class HuggingFace : IDisposable
{
    private readonly Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);

    public HuggingFace(params ReadOnlySpan<string> files)
    {
        set_num_threads(1);
        foreach (var name in files)
        {
            using var file = new SafetensorsFile(Path.Combine(TestFolders.Repository, "tests", "fixtures", name));
            foreach (var tensor in file.Tensors.Keys) tensors[tensor] = file.Read(tensor).DetachFromDisposeScope();
        }
    }

    public static string TinyFolder => TestFolders.Fixture("llava-tiny");

    public Tensor this[string name] => tensors[name];

    public IEnumerable<string> Names => tensors.Keys.Order(StringComparer.Ordinal);

    public static HuggingFace Tiny() => new("llava-tiny/inputs.safetensors", "llava-tiny/expected.safetensors");

    public static Llava TinyModel(ModelOptions? options = null)
    {
        var model = new Llava(LlavaConfig.Read(TinyFolder), options);
        Checkpoint.Load(model, TinyFolder);
        return model;
    }

    public static JsonElement Json(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestFolders.Repository, "tests", "fixtures", name)));
        return document.RootElement.Clone();
    }

    public void Dispose()
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }
}

internal static class Close
{
    /// <summary>Asserts that no number differs by more than the tolerance.</summary>
    public static void To(Tensor expected, Tensor actual, double tolerance, string what)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        var difference = (expected - actual).abs().max().item<float>();
        Assert.True(difference <= tolerance, $"{what}: largest difference {difference:E2}, allowed {tolerance:E2}.");
    }

    /// <summary>The same over the rows of (B, T, ..) where the mask (B, T) is 1.</summary>
    public static void ToWhere(Tensor mask, Tensor expected, Tensor actual, double tolerance, string what)
    {
        using var scope = NewDisposeScope();
        var kept = mask.ne(0);
        To(expected[kept], actual[kept], tolerance, what);
    }

    /// <summary>Asserts that the difference's norm is within the tolerance times the expected one's.</summary>
    public static void Relatively(Tensor expected, Tensor actual, double tolerance, string what)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        var difference = ((expected - actual).norm() / expected.norm()).item<float>();
        Assert.True(difference <= tolerance, $"{what}: relative difference {difference:E2}, allowed {tolerance:E2}.");
    }
}
