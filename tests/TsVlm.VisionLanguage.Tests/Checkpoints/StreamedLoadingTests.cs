using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using TorchSharp;
using TsVlm.Contracts;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Tests.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Checkpoints;

/// <summary>
/// Loading goes tensor by tensor into the model's own memory: what it costs, and what becomes of a model when a file ends in the middle.
/// </summary>
[Collection(TorchTests.Name)]
public sealed class StreamedLoadingTests : IDisposable
{
    private const int NumShards = 3;
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("BF16")]
    [InlineData("F32")]
    public void The_peak_of_memory_while_loading_is_at_most_1_15_times_the_model(string storedType)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak of resident memory is read from /proc, which only Linux has.");
        var config = SmallTraining.Config with
        {
            Text = new TextConfig { VocabularySize = 32000, Width = 1024, FeedForwardWidth = 2816, NumLayers = 7, NumHeads = 8,
                NumKeyValueHeads = 8, HeadWidth = 128 },
        };
        Assert.InRange(WriteCheckpoint(config, storedType), 300_000_000, 700_000_000);
        HuggingFace.TinyModel().Dispose();   // compiles what loads
        ReturnFreedMemory();
        ResetPeak();
        var before = Resident("VmRSS");
        using var model = new Llava(config, new ModelOptions { Precision = Precision.BFloat16 });
        Checkpoint.Load(model, folder.Path);
        var grown = (double)(Resident("VmHWM") - before) / (2 * config.NumParameters);
        // The lower bound shows that the peak was measured at all.
        Assert.InRange(grown, 0.95, 1.15);
        foreach (var (i, (name, weight)) in model.named_parameters().Index())
        {
            var ends = weight.flatten()[tensor(new[] { 0L, weight.NumberOfElements - 1 })].to(ScalarType.Float32);
            Assert.True(ends.eq(Value(i)).all().item<bool>(), name);
        }
    }

    [Fact]
    public void A_tensor_above_2_GiB_is_read_to_its_end()
    {
        Assert.SkipUnless(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 6L << 30, "Needs 6 GB of memory.");
        var length = (2L << 30) + 5;
        WriteFile(folder.File("x.safetensors"), [("a", "U8", [length], length)], (stream, _) =>
        {
            stream.WriteByte(7);
            stream.Seek(length - 2, SeekOrigin.Current);   // a hole, which takes no disk
            stream.WriteByte(9);
        });
        using var file = new SafetensorsFile(folder.File("x.safetensors"));
        var read = file.Read("a");
        Assert.Equal([7, 0, 0, 9], new[] { 0, 1, length - 2, length - 1 }.Select(i => read[i].item<byte>()));
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float64)]
    public void Pieces_of_a_large_tensor_are_converted_as_the_whole_would_be(ScalarType type)
    {
        var numbers = randn(3, 3_000_017);
        SafetensorsWriter.Write(folder.File("x.safetensors"), [new("a", numbers)]);
        using var file = new SafetensorsFile(folder.File("x.safetensors"));
        var target = zeros(numbers.shape, type);
        file.ReadInto("a", target);
        Assert.True(numbers.to(type).eq(target).all().item<bool>());
        Assert.Throws<CheckpointException>(() => file.ReadInto("a", zeros(3, 3)));
    }

    [Fact]
    public void A_second_shard_that_is_cut_is_noticed_before_anything_is_loaded()
    {
        CopyShards();
        File.WriteAllBytes(SecondShard, File.ReadAllBytes(SecondShard)[..^1]);
        using var model = HuggingFace.TinyModel();
        model.InitialiseWeights(3);
        var before = SmallTraining.Weights(model);
        var error = Assert.Throws<CheckpointException>(() => Checkpoint.Load(model, folder.Path));
        Assert.StartsWith(SecondShard, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, SmallTraining.Weights(model));
    }

    [Fact]
    public void A_file_that_ends_while_it_is_read_leaves_no_model_that_can_be_used()
    {
        CopyShards();
        using var model = HuggingFace.TinyModel();
        using var weights = new CheckpointWeights(folder.Path);
        var plan = Checkpoint.Plan(model, weights);
        using (var shard = new FileStream(SecondShard, FileMode.Open, FileAccess.Write,
            FileShare.ReadWrite)) shard.SetLength(shard.Length / 2);
        var error = Assert.Throws<CheckpointException>(() => plan.LoadInto(model));
        Assert.Contains("reading stopped midway", error.Message, StringComparison.Ordinal);
        Assert.Contains("was disposed", error.Message, StringComparison.Ordinal);
        Assert.All(model.parameters(), weight => Assert.True(weight.IsInvalid));
    }

    private string SecondShard => folder.File("model-00002-of-00002.safetensors");

    private void CopyShards()
    {
        foreach (var path in Directory.GetFiles(TestFolders.Fixture("llava-tiny-newnames-bf16-sharded"), "model*"))
            File.Copy(path, folder.File(Path.GetFileName(path)));
    }

    private static float Value(int number) => 1 + (number % 8 / 8f);

    // Written without the tensor library, whose freed memory the model could take up again unseen.
    private long WriteCheckpoint(LlavaConfig config, string type)
    {
        using var shapes = new Llava(config, new ModelOptions { Device = META });
        var size = type == "F32" ? 4 : 2;
        var tensors = shapes.named_parameters()
            .Select((p, i) => (Number: i, Name: p.name, p.parameter.shape, NumBytes: p.parameter.NumberOfElements * size)).ToList();
        var shards = new Dictionary<string, string>();
        foreach (var shard in tensors.GroupBy(tensor => tensor.Number % NumShards))
        {
            var name = $"model-{shard.Key}.safetensors";
            foreach (var tensor in shard) shards[tensor.Name] = name;
            var numbers = shard.Select(tensor => tensor.Number).ToList();
            WriteFile(folder.File(name), [.. shard.Select(tensor => (tensor.Name, type, tensor.shape, tensor.NumBytes))], (stream, i) =>
            {
                // The upper half of a float32 is the bfloat16.
                var number = BitConverter.GetBytes(Value(numbers[i]))[(4 - size)..];
                var block = Enumerable.Repeat(number, 1 << 18).SelectMany(bytes => bytes).ToArray();
                for (var left = tensors[numbers[i]].NumBytes; left > 0; left -= block.Length)
                    stream.Write(block.AsSpan(0, (int)Math.Min(left, block.Length)));
            });
        }
        File.WriteAllText(folder.File("model.safetensors.index.json"), JsonSerializer.Serialize(new { weight_map = shards }));
        return tensors.Sum(tensor => tensor.NumBytes);
    }

    private static void WriteFile(string path, List<(string Name, string Type, long[] Shape, long NumBytes)> tensors,
        Action<Stream, int> writeTensor)
    {
        var end = 0L;
        var header = JsonSerializer.SerializeToUtf8Bytes(tensors.ToDictionary(tensor => tensor.Name, tensor =>
            new { dtype = tensor.Type, shape = tensor.Shape, data_offsets = new[] { end, end += tensor.NumBytes } }));
        using var stream = File.Create(path);
        stream.Write(BitConverter.GetBytes((long)header.Length));
        stream.Write(header);
        for (var i = 0; i < tensors.Count; i++) writeTensor(stream, i);
    }

    // What was freed before and is still the process's could be taken up by the model unseen.
    private static void ReturnFreedMemory()
    {
        // Tensors that earlier tests left to the finalizer would be freed while the model is loaded, and count against its growth.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        if (NativeLibrary.TryGetExport(NativeLibrary.Load("libc.so.6"), "malloc_trim", out var trim))
            _ = Marshal.GetDelegateForFunctionPointer<Trim>(trim)(0);
    }

    private delegate int Trim(nint numBytesKept);

    private static void ResetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"The peak of resident memory cannot be reset here: {error.Message}");
        }
    }

    private static long Resident(string key) => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith(key, StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim('\t'),
        CultureInfo.InvariantCulture);

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }
}
