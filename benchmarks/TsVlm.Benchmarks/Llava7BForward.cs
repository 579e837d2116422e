using System.Diagnostics;
using TorchSharp;
using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.Benchmarks;

/// <summary>
/// The true LLaVA-1.5-7B in bfloat16 on the CPU: whether it fits the memory, and how long one pass over an image and 64 tokens takes.
/// </summary>
public static class Llava7BForward
{
    private const int NumTextTokens = 64;
    private const int BlockLength = 1 << 22;

    // What llava-hf/llava-1.5-7b-hf's config.json says of the model's shape.
    private const string ConfigText = """
        {
          "architectures": ["LlavaForConditionalGeneration"], "image_token_index": 32000, "model_type": "llava", "projector_hidden_act": "gelu",
          "text_config": { "max_position_embeddings": 4096, "model_type": "llama", "rms_norm_eps": 1e-05, "vocab_size": 32064 },
          "torch_dtype": "float16", "vision_feature_layer": -2, "vision_feature_select_strategy": "default",
          "vision_config": {
            "hidden_size": 1024, "image_size": 336, "intermediate_size": 4096, "model_type": "clip_vision_model", "num_attention_heads": 16,
            "num_hidden_layers": 24, "patch_size": 14
          }
        }
        """;

    /// <summary>The true sizes.</summary>
    internal static LlavaConfig Config => LlavaConfig.Parse(ConfigText, "llava-1.5-7b");

    /// <summary>
    /// Makes the model, fills it with seeded numbers, runs one pass, and prints parameters, seconds and the peak of resident memory.
    /// </summary>
    public static void Run()
    {
        TorchRuntime.ShareTheMachine();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var config = Config;
        var watch = Stopwatch.StartNew();
        using var model = new Llava(config, new ModelOptions { Precision = Precision.BFloat16 });
        model.eval();
        Report($"made: {config.NumParameters:N0} parameters, {model.parameters().Sum(p => p.NumberOfElements * p.ElementSize) / 1e9:F2} GB",
            watch);
        Fill(model);
        Report("filled", watch);
        long[] tokens = [1, .. Enumerable.Repeat((long)config.ImageTokenId, config.NumImageTokens),
            .. Enumerable.Range(100, NumTextTokens - 1).Select(id => (long)id)];
        var ids = tensor(tokens).unsqueeze(0);
        using var generator = new Generator(1);
        var image = rand([1, 3, config.Vision.ImageSize, config.Vision.ImageSize], generator: generator);
        var logits = model.Forward(ids, ones_like(ids), image);
        Report($"one pass over {tokens.Length} tokens, logits ({string.Join(", ", logits.shape)}), all finite: {logits.isfinite().all().cpu().data<bool>()[0]}", watch);
    }

    // Normal numbers of deviation 0.02, the same block again and again from another place: 7 billion draws would take longer than the pass.
    // Norms stay one and biases zero, as a model starts.
    internal static void Fill(Llava model)
    {
        using var frozen = no_grad();
        using var generator = new Generator(0);
        using Scalar deviation = 0.02;
        var block = (randn([2 * BlockLength], generator: generator) * deviation).to(ScalarType.BFloat16);
        var number = 0L;
        foreach (var weight in model.parameters().Where(weight => weight.dim() > 1))
        {
            using var scope = NewDisposeScope();
            var numbers = weight.view(-1);
            for (var begin = 0L; begin < numbers.NumberOfElements; begin += BlockLength)
            {
                using var part = NewDisposeScope();
                var length = Math.Min(BlockLength, numbers.NumberOfElements - begin);
                numbers.narrow(0, begin, length).copy_(block.narrow(0, number++ * 7919 % BlockLength, length));
            }
        }
    }

    private static void Report(string what, Stopwatch watch)
    {
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(FormattableString.Invariant(
            $"{what}; {watch.Elapsed.TotalSeconds:F1} s, peak resident memory {process.PeakWorkingSet64 / 1e9:F2} GB"));
        watch.Restart();
    }
}
