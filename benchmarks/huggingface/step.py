"""The same training step and the same inference as `benchmarks/TsVlm.Benchmarks -- training-step 7b cuda` and `-- inference 7b cuda`, by Hugging Face.

    pip install torch==2.10.0 transformers==4.57.1 peft==0.17.1 accelerate
    python benchmarks/huggingface/step.py training-step cuda
    python benchmarks/huggingface/step.py inference cuda

LLaVA-1.5-7B's shape with random weights in bfloat16; nothing is downloaded. Training: LoRA r 128, alpha 256, dropout 0.05 on every projection of the
language model, the projector trained in float32, layers computed again in the backward pass, AdamW, micro-batches of 4 x 1024 tokens with an image each.
Inference: 4 prompts of 1024 tokens with an image each, then 32 tokens for each of them, one at a time with a cache.
"""
import statistics
import sys
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

SEQUENCE, MICRO_BATCH, ANSWER_TOKENS, NEW_TOKENS, WARMUP, STEPS = 1024, 4, 2, 32, 3, 10


def create(device):
    config = LlavaConfig(
        vision_config=CLIPVisionConfig(
            hidden_size=1024, image_size=336, intermediate_size=4096, num_attention_heads=16, num_hidden_layers=24, patch_size=14, projection_dim=768),
        text_config=LlamaConfig(vocab_size=32064, max_position_embeddings=4096, rms_norm_eps=1e-5),
        image_token_index=32000, vision_feature_layer=-2, vision_feature_select_strategy="default", attn_implementation="sdpa")
    torch.manual_seed(0)
    torch.set_default_dtype(torch.bfloat16)
    with torch.device(device):
        model = LlavaForConditionalGeneration(config)
    torch.set_default_dtype(torch.float32)
    return model, config


def samples(config, device):
    generator = torch.Generator().manual_seed(0)
    ids = torch.randint(5, 1005, (MICRO_BATCH, SEQUENCE), generator=generator)
    ids[:, 3:3 + 576] = config.image_token_index
    labels = torch.full_like(ids, -100)
    labels[:, -ANSWER_TOKENS:] = ids[:, -ANSWER_TOKENS:]
    pixels = torch.rand((MICRO_BATCH, 3, 336, 336), generator=generator) * 2 - 1
    return {"input_ids": ids.to(device), "attention_mask": torch.ones_like(ids).to(device), "pixel_values": pixels.to(device, torch.bfloat16)}, labels.to(device)


def synchronize(device):
    if device.startswith("cuda"):
        torch.cuda.synchronize()


def report(name, times, tokens, device):
    median = statistics.median(times)
    peak = f", {torch.cuda.max_memory_allocated() / 1e9:.2f} GB at most" if device.startswith("cuda") else ""
    print(f"{name} on {device}: {1000 * median:.1f} ms ({1000 * min(times):.1f} to {1000 * max(times):.1f}), {tokens / median:.0f} tokens/s{peak}")


def training_step(device):
    model, config = create(device)
    model.requires_grad_(False)
    model = get_peft_model(model, LoraConfig(
        r=128, lora_alpha=256, lora_dropout=0.05, target_modules=r".*language_model.*\.(q|k|v|o|gate|up|down)_proj", modules_to_save=["multi_modal_projector"]))
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    for weight in trained:
        weight.data = weight.data.float()
    model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    model.enable_input_require_grads()
    model.train()
    optimizer = torch.optim.AdamW(trained, lr=2e-4, weight_decay=0)
    inputs, labels = samples(config, device)
    times = []
    for _ in range(WARMUP + STEPS):
        synchronize(device)
        started = time.perf_counter()
        with torch.autocast(device.split(":")[0], torch.bfloat16):
            loss = model(**inputs, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        synchronize(device)
        times.append(time.perf_counter() - started)
    report("training step", times[WARMUP:], MICRO_BATCH * SEQUENCE, device)


@torch.no_grad()
def inference(device):
    model, config = create(device)
    model.eval()
    inputs, _ = samples(config, device)
    prompts, whole = [], []
    for _ in range(WARMUP + STEPS):
        for times, count in ((prompts, 1), (whole, 1 + NEW_TOKENS)):
            synchronize(device)
            started = time.perf_counter()
            model.generate(**inputs, max_new_tokens=count, min_new_tokens=count, do_sample=False)
            synchronize(device)
            times.append(time.perf_counter() - started)
    report("prompts", prompts[WARMUP:], MICRO_BATCH * SEQUENCE, device)
    report("new tokens", [b - a for a, b in zip(prompts[WARMUP:], whole[WARMUP:])], MICRO_BATCH * NEW_TOKENS, device)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("training-step", "inference"):
        sys.exit(__doc__)
    (training_step if sys.argv[1] == "training-step" else inference)(sys.argv[2])
