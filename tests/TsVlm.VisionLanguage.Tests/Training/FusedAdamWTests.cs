using TorchSharp;
using TorchSharp.Modules;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;
using AdamW = TsVlm.VisionLanguage.Training.AdamW;

namespace TsVlm.VisionLanguage.Tests.Training;

[Collection(TorchTests.Name)]
public sealed class FusedAdamWTests : IDisposable
{
    // More weights than a chunk holds, and a rest that fills no vector.
    private const int Length = (1 << 17) + 13;
    private readonly DisposeScope scope = NewDisposeScope();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.1, 0.3)]
    public void FusedAdamW_equals_torch_s_optimizer_and_the_steps_on_tensors(double weightDecay, double gradientFactor)
    {
        var (fused, wide) = (new Weights(ScalarType.Float32), new Weights(ScalarType.Float64));
        using var reference = optim.AdamW([fused.Reference], lr: 0.01, weight_decay: weightDecay);
        using var optimizer = new AdamW(fused.Parameters, weightDecay);
        using var onTensors = new AdamW(wide.Parameters, weightDecay);
        for (var step = 0; step < 10; step++)
        {
            var gradient = fused.DrawGradient(step);
            fused.Reference.grad = gradient * gradientFactor;
            fused.Learning.grad = gradient;
            wide.Learning.grad = gradient.to(ScalarType.Float64);
            reference.step();
            optimizer.Step(step, 1, gradientFactor);
            onTensors.Step(step, 1, gradientFactor);
        }
        Close.To(fused.Reference, fused.Learning, 1e-6, "torch");
        // Weights reach 4.5, where float32 is exact to 2.4e-7; each of the ten steps rounds once or twice.
        Close.To(wide.Learning.to(ScalarType.Float32), fused.Learning, 3e-6, "in 64 bits");
    }

    [Fact]
    public void One_thread_and_two_give_the_same_bits()
    {
        var results = new[] { 1, 2 }.Select(numThreads =>
        {
            set_num_threads(numThreads);
            var weights = new Weights(ScalarType.Float32);
            using var optimizer = new AdamW(weights.Parameters, 0.1);
            for (var step = 0; step < 3; step++)
            {
                weights.Learning.grad = weights.DrawGradient(step);
                optimizer.Step(step, 0.5);
            }
            return weights.Learning.bytes.ToArray();
        }).ToList();
        set_num_threads(1);
        Assert.Equal(results[0], results[1]);
    }

    [Fact]
    public void Tensors_that_are_not_contiguous_float32_on_the_cpu_are_left_to_tensor_operations()
    {
        var plain = zeros(4, 4);
        AdamW.Moments moments = new(zeros(4, 4), zeros(4, 4));
        Assert.True(new FusedAdamW(1).TryAdd(plain, zeros(4, 4), moments, 1, 1, 1));
        Assert.False(new FusedAdamW(1).TryAdd(plain, zeros(4, 4).t(), moments, 1, 1, 1));
        Assert.False(new FusedAdamW(1).TryAdd(plain.to(ScalarType.BFloat16), zeros(4, 4), moments, 1, 1, 1));
    }

    public void Dispose() => scope.Dispose();

    /// <summary>A parameter to learn and one for the reference, with equal values.</summary>
    private sealed class Weights
    {
        public Weights(ScalarType type)
        {
            using var generator = new Generator(3);
            var start = randn([Length], generator: generator);
            Learning = new Parameter(start.to(type));
            Reference = new Parameter(start.clone());
            Parameters = TrainedParameters.Choose(new Holder(Learning), _ => true, 0.01, 0.01);
        }

        public Parameter Learning { get; }

        public Parameter Reference { get; }

        public TrainedParameters Parameters { get; }

        public Tensor DrawGradient(int step)
        {
            using var generator = new Generator((ulong)step);
            return randn([Length], generator: generator);
        }
    }

    private sealed class Holder : nn.Module
    {
        internal readonly Parameter weight;

        public Holder(Parameter parameter) : base(nameof(Holder))
        {
            weight = parameter;
            RegisterComponents();
        }
    }
}
